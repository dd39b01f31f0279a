import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { count, percent } from '../say.ts'
import type { Leaked, NetworkCensus } from './network-census.ts'

/**
 * Holds a census against the configured shares of what can be handed out. Where it is known exactly what is left, the
 * answer is a plain one; else between the shares, and below them, it stays open what has leaked.
 */
export function judgeFill(census: NetworkCensus, { addresses }: Pick<Expectations, 'addresses'>): Judgement {
  const { warnPercent, failPercent } = addresses
  const { capacity } = census.ledger
  const said = { subject: plain(census.name, 100), expected: `below ${warnPercent} % in use`, actual: describe(census) }
  if (census.ledger.pools.length === 0) {
    return { ...said, verdict: 'n/a', reason: 'it has no IPv4 subnet, and one of IPv6 does not run out of addresses' }
  }
  const { least, most } = usedBounds(census)
  const remedy = remedyFor(census)
  if (share(least, capacity) >= failPercent) {
    const reason = `${failPercent} % or more are in use: soon, or at the next rolling update, tasks hang in \`New\``
    return { ...said, verdict: 'fail', reason, remedy }
  }
  if (share(most, capacity) < warnPercent) return { ...said, verdict: 'pass' }
  if (share(least, capacity) < warnPercent) {
    return {
      ...said,
      verdict: 'unknown',
      reason: `by what is held it lies below ${warnPercent} %, and what has leaked is not known: ${whyOpen(census.leaked)}`,
      remedy: `Let it be walked: \`pvcheck census ${plain(census.name, 100)} --walk\`.`,
    }
  }
  const reason = `${warnPercent} % or more are in use, and ${failPercent} % are not reached: a large deploy may find too few`
  return { ...said, verdict: 'unknown', reason, remedy }
}

/** How many addresses are in use, of those that can be handed out. */
export function usedBounds({ ledger, free, leaked }: NetworkCensus): { readonly least: number; readonly most: number } {
  if (free.isExact) return { least: ledger.capacity - free.count, most: ledger.capacity - free.count }
  const held = ledger.capacity - ledger.free
  const [atLeast, atMost] = leaked.state === 'estimated' ? [leaked.atLeast, leaked.atMost] : [0, undefined]
  const most = Math.min(ledger.capacity, held + (atMost ?? ledger.capacity))
  return { least: Math.min(most, held + atLeast), most }
}

function share(used: number, capacity: number): number {
  return capacity === 0 ? 100 : (used / capacity) * 100
}

function describe(census: NetworkCensus): string {
  const { ledger, free, leaked } = census
  const { least, most } = usedBounds(census)
  const { vip, task, attached, balancer } = ledger.tally
  const bounds = least === most ? least.toLocaleString('en-US') : `at least ${least.toLocaleString('en-US')}`
  const parts = [
    count(vip, 'VIP'),
    count(task, 'task'),
    count(attached, 'attached container'),
    count(balancer, 'load balancer'),
    describeLeaked(leaked),
  ]
  return `${bounds} of ${count(ledger.capacity, 'address', 'addresses')} in use (${percent(share(least, ledger.capacity))}): ${parts.join(', ')}; ${free.isExact ? '' : 'at most '}${free.count.toLocaleString('en-US')} free`
}

/** `6 leaked`, `2 to 5 leaked`, `leaked unknown`. */
export function describeLeaked(leaked: Leaked): string {
  switch (leaked.state) {
    case 'exact':
      return `${leaked.addresses.length.toLocaleString('en-US')} leaked`
    case 'counted':
      return `${leaked.count.toLocaleString('en-US')} leaked`
    case 'estimated': {
      const { atLeast, atMost } = leaked
      if (atMost === undefined) return `at least ${atLeast.toLocaleString('en-US')} leaked`
      if (atMost === atLeast) return `${atLeast.toLocaleString('en-US')} leaked`
      return `${atLeast.toLocaleString('en-US')} to ${atMost.toLocaleString('en-US')} leaked`
    }
    case 'unknown':
      return 'leaked unknown'
  }
}

function whyOpen(leaked: Leaked): string {
  return leaked.state === 'unknown' ? leaked.why : describeLeaked(leaked)
}

function remedyFor({ ingress, leaked }: NetworkCensus): string {
  const room = ingress
    ? 'Take ports off the routing mesh (`mode: host`, or a route through the reverse proxy), or recreate `ingress` on a wider subnet in a maintenance window.'
    : 'Remove services that are not needed, give routed services `endpoint_mode: dnsrr` (it saves their VIP), or recreate the network on a wider subnet in a maintenance window.'
  const has = leaked.state === 'exact' ? leaked.addresses.length : leaked.state === 'unknown' ? 0 : atLeastOf(leaked)
  if (has === 0) return room
  return `${count(has, 'address', 'addresses')} leaked and come back when dockerd is restarted on the leading manager, which stops the containers of that node; \`pvcheck rm\` removes stacks without such a loss. ${room}`
}

function atLeastOf(leaked: Exclude<Leaked, { state: 'exact' | 'unknown' }>): number {
  return leaked.state === 'counted' ? leaked.count : leaked.atLeast
}
