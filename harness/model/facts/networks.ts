import { z } from 'zod'
import type { Fact } from '../fact.ts'

const pool = z.object({
  Subnet: z.string().default(''),
  Gateway: z.string().default(''),
  IPRange: z.string().default(''),
})

const network = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.string(),
  Scope: z.string(),
  /** Empty for an overlay that the Swarm's allocator never got round to. */
  Driver: z.string(),
  Attachable: z.boolean().default(false),
  Ingress: z.boolean().default(false),
  Labels: z.record(z.string(), z.string()).nullish(),
  /** `null` for an overlay without addresses. */
  IPAM: z.object({ Driver: z.string().default(''), Config: z.array(pool).nullish() }),
})
const schema = z.array(network)
export type Network = z.infer<typeof network>
export type AddressPool = z.infer<typeof pool>

export const networks: Fact<readonly Network[]> = {
  name: 'networks',
  what: 'the networks that the manager knows: those of the Swarm and its own',
  schema,
}
