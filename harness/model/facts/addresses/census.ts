import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { addressReading } from './reading.ts'

/**
 * What a walk asks addresses with: services that never have a container. `vip`: services without replicas, one virtual
 * address each. `tasks`: one service whose tasks no node may run, an address each. `ingress`: services without replicas
 * that publish a port, one virtual address each on `ingress`.
 */
export const canaryKinds = ['vip', 'tasks', 'ingress'] as const
export type CanaryKind = (typeof canaryKinds)[number]

const lap = z.object({
  /** ISO 8601, by the clock of this machine. */
  startedAt: z.string(),
  endedAt: z.string(),
  kind: z.enum(canaryKinds),
  /** What was handed out, in order of address, each once: `10.0.1.2-10.0.1.17`, or a single one. */
  offered: z.array(z.string()),
  /**
   * The stretches of the subnet that the allocator has gone through: what lies in one and was not offered was not free
   * when it came by. A whole lap has all that can be handed out.
   */
  walked: z.array(z.string()),
  creates: z.number(),
})
export type Lap = z.infer<typeof lap>

const why = z.object({ code: z.string(), seen: z.string(), remedy: z.string() })

const walk = z.object({
  networkId: z.string(),
  /** At least one reading lies before the first lap, one between two laps, and one after the last: see `readings`. */
  laps: z.array(lap),
  /** The most addresses that were held at once. */
  atOnce: z.number(),
  /**
   * `whole`: once around, and once more where anything was missing. `window`: as far as was asked for. `refused`: nothing
   * was created, or no more than canaries that got less than they asked for: then the lap is there. `stopped`: broken off, and swept. `unsure`: dockerd or the leader changed in the middle.
   */
  ended: z.enum(['whole', 'window', 'refused', 'stopped', 'unsure']),
  why: why.optional(),
  cost: z.object({
    wallMs: z.number(),
    requests: z.number(),
    /** Absent where the host could not be asked. */
    engineCpuMs: z.number().optional(),
    engineGrewBytes: z.number().optional(),
    raftGrewBytes: z.number().optional(),
  }),
})
export type Walk = z.infer<typeof walk>

const schema = z.object({
  /** Ids of the overlays that somebody wants to know about, in no order; absent where that is all of them. */
  asked: z.array(z.string()).optional(),
  /** In the order of time: before, between and after the laps of all walks. */
  readings: z.array(addressReading.schema),
  walks: z.array(walk),
  /** The allocator that was asked: its memory of what leaked ends with the dockerd that leads the Swarm. */
  allocator: z.object({ leader: z.string(), engineStartedAt: z.string().optional() }),
})
export type AddressCensus = z.infer<typeof schema>

/** What a walk over the free addresses of some overlays found: not asked, but done, and saved by who did it. */
export const addressCensus: Fact<AddressCensus> = {
  name: 'address-census',
  what: 'which addresses of the overlays can be handed out',
  schema,
}
