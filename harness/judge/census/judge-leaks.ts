import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import type { NetworkCensus } from '../address/network-census.ts'
import { count, list } from '../say.ts'

/** Says whether addresses of one overlay are leaked; `wasWalked` where somebody asked for more than a look. */
export function judgeLeaks(network: NetworkCensus, wasWalked: boolean): Judgement {
  const { leaked, ledger, refusal } = network
  const said = { subject: plain(network.name, 200), expected: 'no address leaked' }
  if (ledger.capacity === 0) {
    const reason =
      network.subnets.length === 0 ? 'it has no IPv4 subnet' : 'its subnet is too small to hand anything out'
    return { ...said, actual: 'no address to leak', verdict: 'n/a', reason }
  }
  switch (leaked.state) {
    case 'exact': {
      const leaks = leaked.addresses.length
      if (leaks > 0) return failed(said, `${countOf(leaks)}: ${list(leaked.addresses)}`)
      if (network.unconfirmed.length > 0)
        return {
          ...said,
          actual: `${count(network.unconfirmed.length, 'address', 'addresses')} in use without a holder: ${list(network.unconfirmed)}`,
          verdict: 'unknown',
          reason: 'they were not asked again, timed apart: a deploy may have held them for a moment',
          remedy: 'Run `pvcheck census --walk` again.',
        }
      return { ...said, actual: `none of ${ledger.capacity.toLocaleString('en-US')}`, verdict: 'pass' }
    }
    case 'counted':
      if (leaked.count > 0)
        return failed(said, `${countOf(leaked.count)}, of the ${leaked.candidates.length} ${list(leaked.candidates)}`)
      return { ...said, actual: `none of ${ledger.capacity.toLocaleString('en-US')}`, verdict: 'pass' }
    case 'estimated': {
      const { atLeast, atMost } = leaked
      if (atLeast > 0) return failed(said, atMost === atLeast ? countOf(atLeast) : `at least ${countOf(atLeast)}`)
      if (atMost === 0) return { ...said, actual: 'none, by the count of the engine', verdict: 'pass' }
      return {
        ...said,
        actual: `none seen${atMost === undefined ? '' : `, at most ${countOf(atMost)}`}`,
        verdict: 'unknown',
        reason: 'only a part of the subnet was looked at',
        remedy: 'Walk it in full: `pvcheck census --walk`, without `--window`.',
      }
    }
    case 'unknown':
      return unknown(said, network, wasWalked, refusal)
  }
}

type Said = Pick<Judgement, 'subject' | 'expected'>

function unknown(
  said: Said,
  { leaked }: NetworkCensus,
  wasWalked: boolean,
  refusal: NetworkCensus['refusal'],
): Judgement {
  const why = leaked.state === 'unknown' ? leaked.why : ''
  if (!wasWalked) {
    const reason = 'the engine does not count them (before API 1.52), and nothing was created to find out: see --walk'
    return { ...said, actual: 'not asked', verdict: 'n/a', reason }
  }
  if (refusal === undefined) return { ...said, actual: why, verdict: 'unknown', reason: why, remedy: walkAgain }
  const { code, seen, remedy } = refusal
  return { ...said, actual: seen, verdict: 'blocked', code, reason: why === '' ? seen : why, remedy }
}

const walkAgain = 'Run `pvcheck census --walk` again when the Swarm is calmer.'

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
