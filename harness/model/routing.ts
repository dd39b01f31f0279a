import { z } from 'zod'
import { messageOf } from '../core/errors.ts'

const url = z.url({ protocol: /^https?$/, error: 'wanted a URL such as https://drone.example.org/' })

/**
 * The `Authorization` header of requests to one origin, never of those that a redirect leads elsewhere. Only the name
 * of the source is part of the expectations; its value stays with the connection.
 */
const credentials = z
  .strictObject({
    scheme: z.enum(['Bearer', 'Basic', 'token']).default('Bearer'),
    /** An environment variable. `Basic` wants `user:password` in it. */
    env: z.string().min(1).optional(),
    /** A file whose one line it is; relative to the configuration file. */
    file: z.string().min(1).optional(),
  })
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), { error: 'wanted either env or file' })
export type Credentials = z.infer<typeof credentials>

/** Names the source of a value without telling it: `env:DRONE_TOKEN`, `file:token`. */
export function keyOfCredentials({ env, file }: Credentials): string {
  return env === undefined ? `file:${file}` : `env:${env}`
}

const expression = z.strictObject({ matches: z.string().min(1).superRefine(isRegExp) })
/** A text as it stands, or a regular expression. */
const textPattern = z.union([z.string(), expression])
export type TextPattern = z.infer<typeof textPattern>
/** Of a body, which has every text that is empty. */
const mark = z.union([z.string().min(1), expression])

const status = z.number().int().min(100).max(599)

export const routeSchema = z.strictObject({
  /** Its host and path by default. */
  name: z.string().min(1).optional(),
  url,
  method: z.enum(['GET', 'HEAD']).default('GET'),
  /** The Swarm service behind it; names the backend's state when the route fails. */
  service: z.string().min(1).optional(),
  /** Without its core routes a host gets no test traffic. */
  core: z.boolean().default(true),
  /** Redirects to follow; what is expected is expected of the last answer. */
  follow: z.number().int().min(0).max(20).default(0),
  status: z.union([status, z.array(status).min(1)]).default(200),
  /** By name; a plain text must be equal. */
  headers: z.record(z.string(), textPattern).default({}),
  /** A plain text must be contained. */
  body: z.union([mark, z.array(mark).min(1)]).optional(),
  /** A JSON Schema that the body meets. */
  json: z.record(z.string(), z.unknown()).optional(),
  credentials: credentials.optional(),
})
export type Route = z.infer<typeof routeSchema>

export const proxySchema = z.strictObject({
  /** The Swarm service of the proxy. */
  service: z.string().min(1).optional(),
  /** Traefik's API: `https://traefik.example.org/api`. */
  api: url.optional(),
  /** Liveness, no more. */
  ping: url.optional(),
  /** How often it asks the Swarm, and how long it sits on what it heard: Traefik's own 15 s and 2 s by default. */
  refreshSeconds: z.number().positive().default(15),
  throttleSeconds: z.number().nonnegative().default(2),
  credentials: credentials.optional(),
})

const ciSchema = z.strictObject({
  /** Drone's own address: `https://drone.example.org`. */
  url,
  /** `owner/name`. */
  repo: z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'wanted owner/name'),
  /** The build parameter that names the recipe. */
  recipeParam: z.string().default('RECIPE'),
  credentials: credentials.optional(),
})

const dashboardSchema = z.strictObject({
  url,
  /** The enrolled recipes: each must be there. */
  recipes: z.array(z.string().min(1)).min(1),
  /** CSS selectors: one row for each recipe, and what is where within it. */
  row: z.string().default('tr'),
  recipe: z.string().default('td:first-child'),
  badge: z.string().default('.badge'),
  /** Where a row shows the number of its build, if it does. */
  build: z.string().optional(),
  /** What badges say (text, else `alt`, `title` or `aria-label`), in lower case. */
  words: z
    .strictObject({
      pass: z.array(z.string()).default(['pass', 'passed', 'passing', 'success']),
      fail: z.array(z.string()).default(['fail', 'failed', 'failing', 'failure', 'error', 'killed']),
      running: z.array(z.string()).default(['running', 'pending', 'blocked', 'waiting', 'waiting_on_dependencies']),
    })
    .prefault({}),
  /** A build that ended less long ago may still be shown as it was. */
  lagSeconds: z.number().nonnegative().default(60),
  credentials: credentials.optional(),
})

const reportSiteSchema = z.strictObject({
  url,
  /** A part of the page that no other page has. */
  marker: z.string().min(1),
  /** Where the page says when it was made: an element's `datetime` or text, else the `Last-Modified` header. */
  time: z.string().optional(),
  maxAgeHours: z.number().positive().optional(),
  credentials: credentials.optional(),
})

const bridgeSchema = z.strictObject({
  service: z.string().min(1),
  pollSeconds: z.number().positive().default(30),
  /** As the manager itself reaches it: `http://127.0.0.1:8081/healthz`. */
  health: url.optional(),
})

/** What the outside is held against; see `expect` in docs/configuration.md. */
export const routingShape = {
  routes: z.array(routeSchema).default([]),
  proxy: proxySchema.optional(),
  certificates: z.strictObject({ minDaysLeft: z.number().positive().default(14) }).prefault({}),
  /** The name or address at which published ports are knocked on; the first route's host by default. */
  publishedAt: z
    .string()
    // An IPv6 address has several colons; a single one is that of a port, or of a URL.
    .regex(/^(?:[^\s/:]+|[^\s/:]*:[^\s/:]*:[^\s/]*)$/, 'wanted a name or an address, without a port: ci.example.org')
    .optional(),
  ci: ciSchema.optional(),
  dashboard: dashboardSchema.optional(),
  reportSite: reportSiteSchema.optional(),
  bridge: bridgeSchema.optional(),
}

/** How a route is called where it has no name of its own: `drone.example.org/healthz`. */
export function nameOfRoute({ name, url }: Pick<Route, 'name' | 'url'>): string {
  if (name !== undefined) return name
  const { host, pathname, search } = new URL(url)
  return `${host}${pathname}${search}`
}

function isRegExp(text: string, context: z.core.$RefinementCtx<string>): void {
  try {
    new RegExp(text, 'u')
  } catch (error) {
    context.addIssue(`not a regular expression: ${messageOf(error)}`)
  }
}
