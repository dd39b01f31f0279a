import { z } from 'zod'
import type { Fact } from '../fact.ts'

const cluster = z.object({
  ID: z.string(),
  Spec: z
    .object({
      /** How many tasks the Swarm remembers of each slot, the present one included; a negative number means all. */
      Orchestration: z.object({ TaskHistoryRetentionLimit: z.number().nullish() }).nullish(),
    })
    .nullish(),
  /** From where a network without a subnet of its own is given one, and of which length; absent before 18.09. */
  DefaultAddrPool: z.array(z.string()).nullish(),
  SubnetSize: z.number().nullish(),
})

const swarm = z.object({
  NodeID: z.string(),
  /** `active`, `inactive`, `pending`, `error`, `locked`; another engine may know more. */
  LocalNodeState: z.string(),
  ControlAvailable: z.boolean(),
  Error: z.string().default(''),
  Nodes: z.number().optional(),
  Managers: z.number().optional(),
  Cluster: cluster.nullish(),
})

const schema = z.object({
  Name: z.string(),
  /** The engine's own clock: "now" for every age. */
  SystemTime: z.string(),
  LiveRestoreEnabled: z.boolean().optional(),
  /** Where the logs of containers go that say nothing of it themselves. */
  LoggingDriver: z.string().optional(),
  Swarm: swarm,
})
export type EngineInfo = z.infer<typeof schema>

export const engineInfo: Fact<EngineInfo> = {
  name: 'engine-info',
  what: 'what the engine says of itself and of its place in the Swarm',
  schema,
}
