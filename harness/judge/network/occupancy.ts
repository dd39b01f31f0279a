import type { Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { Ledger } from '../address/ledger.ts'
import { count, percent } from '../say.ts'

/** Holds a ledger against the configured shares. Never more than a lower bound: leaked addresses are not in the API. */
export function judgeOccupancy(network: Network, ledger: Ledger, wanted: Expectations): Judgement {
  const { warnPercent, failPercent } = wanted.addresses
  const said = {
    subject: network.Name,
    expected: `below ${warnPercent} % held`,
    actual: describeLedger(ledger),
  }
  const share = shareOf(ledger)
  if (share === undefined) {
    return {
      ...said,
      verdict: 'n/a',
      reason: 'the Swarm counts and hands out IPv4 addresses only, and this network has no IPv4 subnet',
    }
  }
  if (share < warnPercent) return { ...said, verdict: 'pass' }
  const remedy = network.Ingress
    ? 'Take ports off the routing mesh (`mode: host`, or a route through the reverse proxy), or recreate `ingress` on a wider subnet in a maintenance window.'
    : 'Remove services that are not needed, give routed services `endpoint_mode: dnsrr` (it saves their VIP), or recreate the network on a wider subnet in a maintenance window.'
  if (share < failPercent) {
    return {
      ...said,
      verdict: 'unknown',
      reason: `${warnPercent} % or more are held, and leaked addresses come on top: whether the next deploy still finds one cannot be told`,
      remedy,
    }
  }
  return {
    ...said,
    verdict: 'fail',
    reason: `${failPercent} % or more are held: soon, or at the next rolling update, tasks hang in \`New\``,
    remedy,
  }
}

/** What is gone, leaked addresses included where the engine counts them. */
function shareOf({ engine, capacity, percent: held }: Ledger): number | undefined {
  if (engine === undefined || held === undefined || capacity === 0) return held
  return Math.max(held, ((capacity - engine.free) / capacity) * 100)
}

/** `at least 12 of 65,533 addresses held (0.02 %): 5 VIPs, 5 tasks, ...`. */
export function describeLedger({ tally, held, capacity, percent: share, engine }: Ledger): string {
  const holders = [
    count(tally.vip, 'VIP'),
    count(tally.task, 'task'),
    count(tally.attached, 'attached container'),
    count(tally.balancer, 'load balancer'),
  ].join(', ')
  if (share === undefined) return `${count(held, 'holder')}: ${holders}; it has no IPv4 subnet`
  const part = `${held.toLocaleString('en-US')} of ${count(capacity, 'address', 'addresses')}`
  return `at least ${part} held (${percent(share)}): ${holders}; ${engine === undefined ? 'leaked ones are not seen here' : `${engine.free.toLocaleString('en-US')} free by the engine's own count`}`
}
