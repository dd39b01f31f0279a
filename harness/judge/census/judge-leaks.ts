import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { NetworkCensus } from '../address/network-census.ts'
import { refuseNetwork } from '../address/refuse-walk.ts'
import { count, list } from '../say.ts'
import type { CensusOf } from './networks-of.ts'

/** Says whether addresses of one overlay are leaked. */
export function judgeLeaks({ found: census, network, walk }: CensusOf): Judgement {
  const { leaked, ledger } = census
  const said = { subject: plain(census.name, 200), expected: 'no address leaked' }
  if (ledger.pools.length === 0) return withoutAddresses(said, network)
  switch (leaked.state) {
    case 'exact': {
      const leaks = leaked.addresses.length
      if (leaks > 0) return failed(said, `${countOf(leaks)}: ${list(leaked.addresses)}`)
      if (census.disagreement !== undefined) return disputed(said, census.disagreement)
      if (census.unconfirmed.length > 0)
        return {
          ...said,
          actual: `${count(census.unconfirmed.length, 'address', 'addresses')} in use without a holder: ${list(census.unconfirmed)}`,
          verdict: 'unknown',
          reason: 'they were not asked again, timed apart: a deploy may have held them for a moment',
          remedy: 'Run `pvcheck census --walk` again.',
        }
      return { ...said, actual: `none of ${ledger.capacity.toLocaleString('en-US')}`, verdict: 'pass' }
    }
    case 'counted':
      if (leaked.count > 0)
        return failed(said, `${countOf(leaked.count)}, of the ${leaked.candidates.length} ${list(leaked.candidates)}`)
      if (census.disagreement !== undefined) return disputed(said, census.disagreement)
      return { ...said, actual: `none of ${ledger.capacity.toLocaleString('en-US')}`, verdict: 'pass' }
    case 'estimated': {
      const { atLeast, atMost } = leaked
      if (atLeast > 0) return failed(said, atMost === atLeast ? countOf(atLeast) : `at least ${countOf(atLeast)}`)
      if (atMost === 0) return { ...said, actual: 'none, by the count of the engine', verdict: 'pass' }
      return {
        ...said,
        actual: `none seen${atMost === undefined ? '' : `, at most ${countOf(atMost)}`}`,
        verdict: 'unknown',
        ...whyOpen(census, walk),
      }
    }
    case 'unknown':
      return unknown(said, leaked.why, census.refusal, walk?.ended === 'refused')
  }
}

type Said = Pick<Judgement, 'subject' | 'expected'>

function withoutAddresses(said: Said, network: Network): Judgement {
  const refusal = refuseNetwork(network.Name, network)
  const seen = refusal?.seen ?? 'it has no IPv4 subnet'
  if (refusal?.code !== 'NOT_ALLOCATED') return { ...said, actual: 'no address to leak', verdict: 'n/a', reason: seen }
  const { code, remedy } = refusal
  return { ...said, actual: seen, verdict: 'fail', code, reason: 'whatever joins it waits forever', remedy }
}

/** A network that was not walked was not touched either; a walk that broke off leaves it open. */
function unknown(said: Said, why: string, refusal: NetworkCensus['refusal'], wasRefused: boolean): Judgement {
  if (refusal === undefined) {
    const remedy = 'Let it be walked: `pvcheck census --walk`.'
    return { ...said, actual: 'not known', verdict: 'unknown', reason: why, remedy }
  }
  const { code, seen, remedy } = refusal
  return { ...said, actual: seen, verdict: wasRefused ? 'blocked' : 'unknown', code, reason: why, remedy }
}

function disputed(said: Said, disagreement: string): Judgement {
  return {
    ...said,
    actual: disagreement,
    verdict: 'unknown',
    reason: 'one of the two is wrong',
    remedy: 'Take the census again; where they still differ, report it with the evidence.',
  }
}

/** Why it is not known more closely, and what would tell. */
function whyOpen({ unconfirmed }: NetworkCensus, walk: CensusOf['walk']): Pick<Judgement, 'reason' | 'remedy'> {
  const again = 'Run `pvcheck census --walk` again, when less is being deployed.'
  if (walk?.ended === 'window') {
    const remedy = 'Walk it in full: `pvcheck census --walk`, without `--window`.'
    return { reason: 'only a part of the subnet was looked at', remedy }
  }
  if (walk?.ended === 'whole') {
    const few = `${count(unconfirmed.length, 'address', 'addresses')} in use without a holder may have been somebody's for a moment: ${list(unconfirmed)}`
    return { reason: unconfirmed.length > 0 ? few : balancers, remedy: again }
  }
  return { reason: balancers, remedy: 'Walk it: `pvcheck census --walk`.' }
}

const balancers = 'nodes that could not be asked may have them for their load balancers'

function countOf(leaked: number): string {
  return `${leaked.toLocaleString('en-US')} leaked`
}

function failed(said: Said, actual: string): Judgement {
  return {
    ...said,
    actual,
    verdict: 'fail',
    reason: 'nobody holds them and nobody can be given them, until dockerd on the leading manager is started again',
    remedy:
      'Remove stacks with `pvcheck rm`, which does not leak. In a maintenance window `systemctl restart docker` on the leading manager gives leaked addresses back; it stops the containers of that node.',
  }
}
