import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { jsonOutputSchema } from './json-output.ts'

const link = z.object({
  ifname: z.string(),
  addr_info: z
    .array(z.object({ family: z.string(), local: z.string().default(''), prefixlen: z.number() }))
    .default([]),
})
const schema = jsonOutputSchema.pipe(z.array(link))
export type HostLink = z.infer<typeof link>

export const hostAddresses: Fact<readonly HostLink[]> = {
  name: 'host-addresses',
  what: "the addresses of the host's own interfaces, bridges included",
  schema,
}
