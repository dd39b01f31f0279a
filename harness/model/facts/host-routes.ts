import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { jsonOutputSchema } from './json-output.ts'

const route = z.object({
  /** `unicast` where it is absent. */
  type: z.string().default('unicast'),
  /** `default`, an address, or a subnet. */
  dst: z.string(),
  dev: z.string().default(''),
  /** Who takes the packets on; empty where they are sent to the interface itself. */
  gateway: z.string().default(''),
  /** A gateway of the other family. */
  via: z.object({ host: z.string() }).nullish(),
  /** Of a route with several gateways; it has none of its own then. */
  nexthops: z.array(z.object({ gateway: z.string().default(''), dev: z.string().default('') })).nullish(),
  table: z.union([z.string(), z.number()]).transform(String).default('main'),
})
const schema = jsonOutputSchema.pipe(z.array(route))
export type HostRoute = z.infer<typeof route>

export const hostRoutes: Fact<readonly HostRoute[]> = {
  name: 'host-routes',
  what: "the routes of the host's own network namespace, of all tables",
  schema,
}
