import { type RouteSeen, type RoutesSeen, routes } from '../../model/facts/routing/routes.ts'
import type { Exchange } from '../../model/http.ts'
import type { Tally } from './tally.ts'

/** What a route answered when it was last visited. */
export interface RouteAnswer {
  /** A status, or the code of what went wrong. */
  readonly answer: string
  readonly from: string | undefined
  /** Redirects included. */
  readonly tookMs: number
  /** How long the server's own certificate still lasts: `89 d`, `9 h`. */
  readonly tlsLeft: string | undefined
}

/** The routes as they were visited; none where they never were, or nothing can be read of it. */
export function routesSeenIn({ observations }: Tally): RoutesSeen['routes'] {
  const raw = observations.findLast(({ body }) => body.fact === routes.name)?.body.raw
  return routes.schema.safeParse(raw).data?.routes ?? []
}

export function lastAnswerOf({ visits }: Pick<RouteSeen, 'visits'>): RouteAnswer | undefined {
  const hops = visits.at(-1)?.hops ?? []
  const last = hops.at(-1)
  if (last === undefined) return undefined
  return {
    answer: last.error?.code ?? String(last.status ?? 'none'),
    from: last.peer,
    tookMs: hops.reduce((sum, { durationMs }) => sum + durationMs, 0),
    tlsLeft: tlsLeft(last),
  }
}

function tlsLeft({ tls, startedAt }: Exchange): string | undefined {
  const ends = tls?.chain[0]?.validTo
  if (ends === undefined) return undefined
  const hours = Math.floor((Date.parse(ends) - Date.parse(startedAt)) / 3_600_000)
  if (Number.isNaN(hours)) return undefined
  if (hours < 0) return 'none'
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}
