import { type RouteSeen, routes } from '../../model/facts/routing/routes.ts'
import type { Exchange } from '../../model/http.ts'
import type { Tally } from './tally.ts'

/** What a route answered when it was last visited, in cells of a table. */
export interface RouteAnswer {
  readonly answer: string
  readonly from: string | undefined
  readonly tookMs: number
  /** Until the first certificate of the chain runs out. */
  readonly tlsDays: number | undefined
}

/** The last answers by the routes' names; empty where the routes were never visited. */
export function routeAnswersOf({ observations }: Tally): ReadonlyMap<string, RouteAnswer> {
  const raw = observations.findLast(({ body }) => body.fact === routes.name)?.body.raw
  const seen = routes.schema.safeParse(raw)
  if (!seen.success) return new Map()
  return new Map(seen.data.routes.flatMap((route) => answerOf(route)))
}

function answerOf({ name, visits }: RouteSeen): readonly (readonly [string, RouteAnswer])[] {
  const hops = visits.at(-1)?.hops ?? []
  const last = hops.at(-1)
  if (last === undefined) return []
  const answer = last.error?.code ?? String(last.status ?? 'none')
  const tookMs = hops.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return [[name, { answer, from: last.peer, tookMs, tlsDays: daysLeft(last) }]]
}

function daysLeft({ tls, startedAt }: Exchange): number | undefined {
  const ends = tls?.chain[0]?.validTo
  if (ends === undefined) return undefined
  const days = Math.floor((Date.parse(ends) - Date.parse(startedAt)) / 86_400_000)
  return Number.isNaN(days) ? undefined : days
}
