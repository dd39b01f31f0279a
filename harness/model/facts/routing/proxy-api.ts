import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { exchangeSchema } from '../../http.ts'

const status = z.string().default('')
const errors = z.array(z.string()).nullish()
/** Never without its provider: a list of anything else that has names is not the proxy's. */
const qualifiedName = z.string().regex(/.@./, 'wanted a name with its provider, such as drone@swarm')

/** `GET /api/version`. */
export const proxyVersionSchema = z.object({ Version: z.string().min(1) })

/** `GET /api/http/routers`, Traefik v2 and v3; `name` ends in `@provider`. */
export const proxyRouterSchema = z.object({
  name: qualifiedName,
  rule: z.string().default(''),
  /** Version 2 tells it only where a label does; else it is the length of the rule. */
  priority: z.number().optional(),
  service: z.string().default(''),
  status,
  error: errors,
  entryPoints: z.array(z.string()).nullish(),
  using: z.array(z.string()).nullish(),
  /** There, if only as `{}`, where the router answers TLS. */
  tls: z.unknown().optional(),
})
export type ProxyRouter = z.infer<typeof proxyRouterSchema>

/** `GET /api/http/services`. Only a load balancer has servers; `url` names a task's address, or a service's VIP. */
export const proxyServiceSchema = z.object({
  name: qualifiedName,
  type: z.string().default(''),
  status,
  error: errors,
  usedBy: z.array(z.string()).nullish(),
  loadBalancer: z.object({ servers: z.array(z.object({ url: z.string().default('') })).nullish() }).nullish(),
  serverStatus: z.record(z.string(), z.string()).nullish(),
})
export type ProxyService = z.infer<typeof proxyServiceSchema>

const tally = z.object({ total: z.number(), warnings: z.number(), errors: z.number() })
export const proxyOverviewSchema = z.object({
  http: z.object({ routers: tally, services: tally, middlewares: tally }),
  /** Not listed by name; `middlewares` are younger than the rest of them. */
  tcp: z.object({ routers: tally, services: tally, middlewares: tally.optional() }).optional(),
  udp: z.object({ routers: tally, services: tally }).optional(),
  providers: z.array(z.string()).nullish(),
})

const answered = z.object({
  state: z.literal('answered'),
  /** ISO 8601: when the lists were read, after the last lap over the routes. */
  at: z.string(),
  /** The engine's clock at that moment, ISO 8601: tasks are dated by it, and ours may be off. */
  engineNow: z.string().optional(),
  version: z.string(),
  overview: proxyOverviewSchema,
  routers: z.array(proxyRouterSchema),
  services: z.array(proxyServiceSchema),
})

/** What the proxy says of itself; where it says nothing, why. */
export const proxyApiSchema = z.discriminatedUnion('state', [
  answered,
  /** `why` names the request that failed, its layer and its code. */
  z.object({ state: z.literal('silent'), why: z.string(), exchange: exchangeSchema.optional() }),
  z.object({ state: z.literal('not configured') }),
])
export type ProxyApi = z.infer<typeof proxyApiSchema>
export type ProxyAnswered = z.infer<typeof answered>

export const proxyApi: Fact<ProxyApi> = {
  name: 'proxy-api',
  what: "the proxy's routers, services and overview",
  schema: proxyApiSchema,
}

/** One request: liveness. */
export const proxyPing: Fact<z.infer<typeof exchangeSchema>> = {
  name: 'proxy-ping',
  what: "the proxy's answer to /ping",
  schema: exchangeSchema,
}
