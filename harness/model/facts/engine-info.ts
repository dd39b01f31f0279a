import { z } from 'zod'
import type { Fact } from '../fact.ts'

const swarm = z.object({
  NodeID: z.string(),
  /** `active`, `inactive`, `pending`, `error`, `locked`; another engine may know more. */
  LocalNodeState: z.string(),
  ControlAvailable: z.boolean(),
  Error: z.string().default(''),
  Nodes: z.number().optional(),
  Managers: z.number().optional(),
  Cluster: z.object({ ID: z.string() }).nullish(),
})

const schema = z.object({
  Name: z.string(),
  /** The engine's own clock: "now" for every age. */
  SystemTime: z.string(),
  LiveRestoreEnabled: z.boolean().optional(),
  Swarm: swarm,
})
export type EngineInfo = z.infer<typeof schema>

export const engineInfo: Fact<EngineInfo> = {
  name: 'engine-info',
  what: 'what the engine says of itself and of its place in the Swarm',
  schema,
}
