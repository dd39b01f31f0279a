import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { networks } from '../networks.ts'
import { nodes } from '../nodes.ts'
import { services } from '../services.ts'
import { attachedContainers, tasks } from '../tasks.ts'

/** The load balancer of a node on a network, as the engine of that node tells; no manager lists those of others. */
const balancer = z.object({ networkId: z.string(), nodeId: z.string(), address: z.string() })

/** What the leader's allocator says of one subnet: network, broadcast and gateway address are in use, leaked ones too. */
const pool = z.object({ inUse: z.number(), free: z.number() })

const schema = z.object({
  /** ISO 8601, by the clock of this machine. */
  startedAt: z.string(),
  endedAt: z.string(),
  networks: networks.schema,
  nodes: nodes.schema,
  services: services.schema,
  tasks: tasks.schema,
  attached: attachedContainers.schema,
  balancers: z.array(balancer),
  /** Whose load balancers could be read: each has at most one on each network, and one that is not named has none. */
  balancersOf: z.array(z.string()),
  /** By network id and then by subnet; a network is absent where the engine does not tell (before API 1.52). */
  counts: z.record(z.string(), z.record(z.string(), pool)),
  /** Whether the lists never agreed with each other: something was created or removed all the time. */
  moved: z.boolean(),
})
export type AddressReading = z.infer<typeof schema>

/** Who holds which addresses of all overlays, from lists that belong together. */
export const addressReading: Fact<AddressReading> = {
  name: 'address-reading',
  what: 'who holds addresses on the overlays of the Swarm',
  schema,
}
