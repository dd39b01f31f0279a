import { count } from '../say.ts'
import type { LeakPoint, Projection } from './projection.ts'

const dayMs = 86_400_000
/** With fewer censuses, or over a shorter time, two that happen to differ would pass for a trend. */
const fewestPoints = 3
const shortestMs = dayMs

/**
 * How fast addresses leak, and when none is left: the median of the slopes between all pairs of points (Theil-Sen), which
 * one odd census does not move, with the middle half of the slopes as its range. Only points of the allocator that now
 * hands addresses out count: with a new leader, or a restart of dockerd, whatever had leaked came back.
 */
export function projectLeaks(points: readonly LeakPoint[], nowMs: number): Projection {
  const life = lastLife(points.filter(({ at }) => Date.parse(at) <= nowMs))
  const [first, last] = [life[0], life.at(-1)]
  if (first === undefined || last === undefined) return { state: 'unknown', why: 'there is no census of it' }
  const spanMs = Date.parse(last.at) - Date.parse(first.at)
  const basis = `${count(life.length, 'census', 'censuses')} over ${days(spanMs / dayMs)}, all of the allocator that has been in charge since ${first.at} or longer`
  if (life.length < fewestPoints || spanMs < shortestMs) {
    return {
      state: 'unknown',
      why: `a rate wants ${fewestPoints} censuses over 24 h in one life of the allocator; there ${life.length === 1 ? 'is' : 'are'} ${count(life.length, 'census', 'censuses')} over ${days(spanMs / dayMs)} since it last began anew, or may have`,
    }
  }
  const perDay = slopeOf(life)
  const perRemovedStack = perStackOf(life)
  const left = daysLeft(last, perDay, (nowMs - Date.parse(last.at)) / dayMs)
  return {
    state: 'known',
    perDay,
    ...(perRemovedStack === undefined ? {} : { perRemovedStack }),
    ...(left === undefined ? {} : { daysLeft: left }),
    basis,
  }
}

/** The points since the allocator last changed, in order; fewer leaked than before means that it did, whatever its name. */
export function lastLife(points: readonly LeakPoint[]): readonly LeakPoint[] {
  const ordered = points.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const lastBreak = ordered.findLastIndex((point, index) => {
    const before = ordered[index - 1]
    return before !== undefined && (before.allocator !== point.allocator || point.leaked < before.leaked)
  })
  return ordered.slice(Math.max(0, lastBreak))
}

type Rate = Extract<Projection, { state: 'known' }>['perDay']

function slopeOf(life: readonly LeakPoint[]): Rate {
  const slopes = life
    .flatMap((from, index) =>
      life.slice(index + 1).flatMap((to) => {
        const elapsed = (Date.parse(to.at) - Date.parse(from.at)) / dayMs
        return elapsed > 0 ? [(to.leaked - from.leaked) / elapsed] : []
      }),
    )
    .sort((a, b) => a - b)
  // Nothing comes back within one life.
  const at = (share: number): number => Math.max(0, quantile(slopes, share))
  return { likely: at(0.5), least: at(0.25), most: at(0.75) }
}

/** Between two values where the place falls between them. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const [low = 0, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low + (high - low) * (place - Math.floor(place))
}

/** Only where the stacks of every step were counted. */
function perStackOf(life: readonly LeakPoint[]): { readonly most: number; readonly seen: number } | undefined {
  const removed = life.slice(1).map(({ removedStacks }) => removedStacks)
  if (removed.some((stacks) => stacks === undefined)) return undefined
  const seen = removed.reduce<number>((sum, one) => sum + (one ?? 0), 0)
  const leaked = (life.at(-1)?.leaked ?? 0) - (life[0]?.leaked ?? 0)
  return seen === 0 ? undefined : { most: leaked / seen, seen }
}

function daysLeft(
  last: LeakPoint,
  rate: Rate,
  sinceLast: number,
): { likely: number; least: number; most?: number } | undefined {
  if (rate.most <= 0) return undefined
  const until = (perDay: number): number => Math.max(0, last.free / perDay - sinceLast)
  const least = until(rate.most)
  // Where the middle of the slopes is flat, the end that the steeper ones allow is all that can be said.
  const likely = rate.likely > 0 ? until(rate.likely) : least
  return { likely, least, ...(rate.least > 0 ? { most: until(rate.least) } : {}) }
}

export interface BeforeAndAfter {
  /** Until a subnet that is empty is full at this rate; absent where nothing leaks. */
  readonly before?: number
  readonly after?: number
}

/** What a change of the subnet buys, in days from empty to full: the leak itself goes on as before. */
export function beforeAndAfter(perDay: number, capacityBefore: number, capacityAfter: number): BeforeAndAfter {
  if (perDay <= 0) return {}
  return { before: capacityBefore / perDay, after: capacityAfter / perDay }
}

function days(number: number): string {
  return `${Number(number.toFixed(1)).toLocaleString('en-US')} days`
}
