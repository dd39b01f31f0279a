import { plain } from '../../core/text.ts'
import type { Leaked } from '../../judge/address/network-census.ts'
import type { Projection } from '../../judge/address/projection.ts'
import type { NetworkReport } from '../../judge/census/report-networks.ts'
import { duration } from '../../judge/say.ts'

const number = (value: number): string => value.toLocaleString('en-US')

/** `24`, `24 of 27`, `>= 24`, `3-9` or `unknown`. */
export function leakedCell(leaked: Leaked): string {
  switch (leaked.state) {
    case 'exact':
      return number(leaked.addresses.length)
    case 'counted':
      return `${number(leaked.count)} of ${number(leaked.candidates.length)}`
    case 'estimated': {
      const { atLeast, atMost } = leaked
      if (atMost === undefined) return `>= ${number(atLeast)}`
      return atLeast === atMost ? number(atLeast) : `${number(atLeast)}-${number(atMost)}`
    }
    case 'unknown':
      return 'unknown'
  }
}

/** `202`, or `<= 241` where leaked addresses may come off it. */
export function freeCell({ free, ledger }: NetworkReport['census']): string {
  if (ledger.pools.length === 0) return '-'
  return free.isExact ? number(free.count) : `<=${number(free.count)}`
}

/** `20.2 % taken`, `at least 4.7 % taken`. */
export function takenText({ taken }: Pick<NetworkReport, 'taken'>): string {
  if (taken.percent === undefined) return 'no IPv4 address'
  return `${taken.isExact ? '' : 'at least '}${percentOf(taken.percent)} taken`
}

/** `20.2 %`, `>=4.7 %`, or `-` where there is no address to take. */
export function takenCell({ taken }: Pick<NetworkReport, 'taken'>): string {
  if (taken.percent === undefined) return '-'
  return `${taken.isExact ? '' : '>='}${percentOf(taken.percent)}`
}

function percentOf(percent: number): string {
  if (percent === 0) return '0 %'
  if (percent < 0.01) return `${Number(percent.toPrecision(1))} %`
  // While any is free it is not all of them.
  const shown = percent < 100 ? Math.min(99.9, percent) : percent
  return `${shown.toFixed(percent < 1 ? 2 : 1)} %`
}

/** `full in 11 days (7 to 20)`; undefined where nothing can be said. */
export function daysText(projection: Projection): string | undefined {
  if (projection.state === 'unknown') return undefined
  const { daysLeft } = projection
  if (daysLeft === undefined) return 'nothing leaks'
  const { likely, least, most } = daysLeft
  return `full in ${daysOf(likely)} (${short(least)} ${most === undefined ? 'or more' : `to ${short(most)}`})`
}

/** `11 d`, `3 h`, `-` where nothing leaks, `?` where nobody knows. */
export function daysCell(projection: Projection): string {
  if (projection.state === 'unknown') return '?'
  const { daysLeft } = projection
  if (daysLeft === undefined) return '-'
  const { likely } = daysLeft
  return likely >= 1 ? `${number(Math.floor(likely))} d` : duration(Math.max(60_000, likely * dayMs))
}

const dayMs = 86_400_000

/** `17 years`, `25 days`, `3 h`. */
export function spanText(days: number): string {
  const years = Math.floor(days / 365.25)
  return years >= 2 ? `${number(years)} years` : daysOf(days)
}

function daysOf(days: number): string {
  if (days < 1) return duration(Math.max(60_000, days * dayMs))
  const whole = Math.floor(days)
  return `${number(whole)} day${whole === 1 ? '' : 's'}`
}

function short(days: number): string {
  return days >= 10 ? number(Math.floor(days)) : String(Number(days.toFixed(1)))
}

/** The subnet, or the first of several. */
export function subnetCell({ subnets }: NetworkReport['census']): string {
  const [first, ...others] = subnets
  if (first === undefined) return 'none'
  return others.length === 0 ? plain(first, 60) : `${plain(first, 60)} +${others.length}`
}
