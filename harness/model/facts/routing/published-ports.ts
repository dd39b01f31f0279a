import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { knockSchema } from '../../http.ts'

const schema = z.object({
  /** Whether the manager's kernel has, or can load, what the routing mesh runs on; and how that was found out. */
  ipvs: z.object({ state: z.enum(['present', 'absent', 'unknown']), how: z.string() }),
  /** Every port that a service of the control plane, or the proxy, publishes. */
  ports: z.array(
    z.object({
      service: z.string(),
      published: z.number(),
      target: z.number(),
      mode: z.enum(['host', 'ingress']),
      protocol: z.string(),
      /** Absent where nothing can be heard from a knock: udp. */
      knock: knockSchema.optional(),
    }),
  ),
})
export type PublishedPorts = z.infer<typeof schema>

export const publishedPorts: Fact<PublishedPorts> = {
  name: 'published-ports',
  what: 'whether the published ports let us in',
  schema,
}
