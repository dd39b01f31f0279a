import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import type { NetworkCensus } from '../address/network-census.ts'
import { count, percent } from '../say.ts'
import { takenOf } from './taken.ts'

/** Holds what is taken of one overlay, leaked addresses included as far as they are known, against the thresholds. */
export function judgeRoom(network: NetworkCensus, wanted: Expectations): Judgement {
  const { warnPercent, failPercent } = wanted.addresses
  const taken = takenOf(network)
  const said = { subject: plain(network.name, 200), expected: `below ${warnPercent} % taken` }
  if (taken.percent === undefined) {
    const reason = 'the Swarm counts and hands out IPv4 addresses only, and this network has no IPv4 subnet'
    return { ...said, actual: 'no IPv4 address', verdict: 'n/a', reason }
  }
  const { capacity } = network.ledger
  const free = `${network.free.isExact ? '' : 'at most '}${count(network.free.count, 'address', 'addresses')}`
  const actual = `${taken.isExact ? '' : 'at least '}${percent(taken.percent)} of ${capacity.toLocaleString('en-US')} taken, ${free} free`
  if (taken.percent < warnPercent) return { ...said, actual, verdict: 'pass' }
  const remedy = network.ingress
    ? 'Take ports off the routing mesh (`mode: host`, or a route through the reverse proxy), get leaked addresses back, or recreate `ingress` on a wider subnet in a maintenance window.'
    : 'Remove services that are not needed, get leaked addresses back, or recreate the network on a wider subnet in a maintenance window.'
  if (taken.percent < failPercent) {
    const reason = `${warnPercent} % or more are taken: deploys still find an address, and a large one may not`
    return { ...said, actual, verdict: 'unknown', reason, remedy }
  }
  const reason = `${failPercent} % or more are taken: soon, or at the next rolling update, tasks hang in \`New\``
  return { ...said, actual, verdict: 'fail', reason, remedy }
}
