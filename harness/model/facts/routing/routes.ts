import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { type Exchange, exchangeSchema } from '../../http.ts'

/** One visit of a route: as many exchanges as there were redirects followed, and one. */
export interface Visit {
  /** From 1. */
  readonly lap: number
  readonly hops: readonly Exchange[]
  /** Why the last redirect was not followed although the route says so. */
  readonly stopped?: 'loop' | 'too many' | undefined
}

export interface RouteSeen {
  /** Of `nameOfRoute`. */
  readonly name: string
  readonly visits: readonly Visit[]
}

/** Pages are much the same in every lap: each text is saved once, and named by its key in the hops. */
const saved = z.object({
  /** What there were to be: so many, from the first to the last more than one refresh of the proxy. */
  laps: z.number(),
  spanMs: z.number(),
  bodies: z.record(z.string(), z.string()),
  routes: z.array(
    z.object({
      name: z.string(),
      visits: z.array(
        z.object({
          lap: z.number(),
          hops: z.array(exchangeSchema.omit({ body: true }).extend({ bodyKey: z.string().optional() })).min(1),
          stopped: z.enum(['loop', 'too many']).optional(),
        }),
      ),
    }),
  ),
})
export type SavedRoutes = z.infer<typeof saved>

const schema = saved.transform(({ laps, spanMs, bodies, routes }) => ({
  laps,
  spanMs,
  routes: routes.map(
    ({ name, visits }): RouteSeen => ({
      name,
      visits: visits.map(({ hops, ...visit }) => ({ ...visit, hops: hops.map((hop) => withBody(hop, bodies)) })),
    }),
  ),
}))
export type RoutesSeen = z.output<typeof schema>

/** Every configured route, visited in laps that are spaced over more than one refresh of the proxy. */
export const routes: Fact<RoutesSeen> = {
  name: 'routes',
  what: 'what every configured route answers',
  schema,
}

type SavedHop = SavedRoutes['routes'][number]['visits'][number]['hops'][number]

function withBody({ bodyKey, ...hop }: SavedHop, bodies: Readonly<Record<string, string>>): Exchange {
  return bodyKey === undefined ? hop : { ...hop, body: bodies[bodyKey] ?? '' }
}
