import { plain } from '../../core/text.ts'
import { parseAddress } from '../../judge/address/cidr.ts'
import type { Holder } from '../../judge/address/holders.ts'
import type { Since } from '../../judge/address/since.ts'
import type { NetworkReport } from '../../judge/census/report-networks.ts'
import type { SubnetChange } from '../../judge/census/subnet-change.ts'
import { count } from '../../judge/say.ts'
import { daysText, leakedCell, spanText } from './cells.ts'

/** One overlay in full: its leaked addresses, each with when it had leaked at the latest, and every holder by name. */
export function detailsOf(network: NetworkReport): readonly string[] {
  const { census } = network
  return [
    '',
    `${plain(census.name, 200)} (${census.id.slice(0, 12)})  ${census.subnets.map((subnet) => plain(subnet, 60)).join(', ') || 'no subnet'}`,
    ...leakedLines(network),
    ...addressesLine('transient', census.transient, 'in use in one lap and not in another, or held before or after'),
    ...addressesLine('unconfirmed', census.unconfirmed, 'in use without a holder, and not asked again'),
    ...projectionLines(network),
    ...changeLines(network.subnetChange),
    ...holderLines(census.ledger.holders),
  ]
}

function leakedLines({ census: { leaked }, since }: NetworkReport): readonly string[] {
  const head = `  leaked  ${leakedCell(leaked)}`
  if (leaked.state === 'unknown') return [`${head}: ${plain(leaked.why, 300)}`]
  if (leaked.state === 'estimated') return [`${head}: counted, not asked one by one; a walk names them`]
  const named = since.map((one) => `    ${one.address}${sinceText(one)}`)
  if (leaked.state === 'exact') return [head, ...named]
  return [`${head}: the rest are load balancers of nodes that could not be asked; candidates:`, ...named]
}

function sinceText({ knownSince, notYetAt }: Since): string {
  const notYet = notYetAt === undefined ? '' : `, and not yet at ${minuteOf(notYetAt)}`
  return `  since ${minuteOf(knownSince)} UTC at the latest${notYet}`
}

function addressesLine(name: string, addresses: readonly string[], what: string): readonly string[] {
  if (addresses.length === 0) return []
  return [`  ${name}  ${count(addresses.length, 'address', 'addresses')}, ${what}:`, `    ${addresses.join(' ')}`]
}

function projectionLines({ projection }: NetworkReport): readonly string[] {
  if (projection.state === 'unknown') return [`  days left  unknown: ${plain(projection.why, 300)}`]
  const { perDay, perRemovedStack, basis } = projection
  const perStack =
    perRemovedStack === undefined
      ? ''
      : `, at most ${figure(perRemovedStack.most)} for each removed stack (${count(perRemovedStack.seen, 'stack')} seen to go)`
  return [
    `  days left  ${daysText(projection)} at ${figure(perDay.likely)} a day (${figure(perDay.least)} to ${figure(perDay.most)})${perStack}: ${plain(basis, 300)}`,
  ]
}

/** `subnet  10.10.0.0/24 before: an empty one was full in 25 days; ...`: what a change of it has bought, or would. */
function changeLines(change: SubnetChange | undefined): readonly string[] {
  if (change?.before === undefined || change.after === undefined) return []
  const { isMade, from, to, before, after, perDay } = change
  const rate = `at ${figure(perDay)} a day`
  const [was, is] = [spanText(before), spanText(after)]
  return isMade
    ? [`  subnet  before, ${plain(from, 200)}: from empty to full in ${was}; now, ${plain(to, 200)}: in ${is}, ${rate}`]
    : [
        `  subnet  ${plain(to, 200)} instead of ${plain(from, 200)}: from empty to full in ${is} instead of ${was}, ${rate}`,
      ]
}

function figure(value: number): string {
  return String(Number(value.toFixed(value >= 10 ? 0 : 1)))
}

function holderLines(holders: readonly Holder[]): readonly string[] {
  if (holders.length === 0) return ['  holders  none']
  const order = ({ address }: Holder): number => (address === undefined ? Number.POSITIVE_INFINITY : parsed(address))
  const width = Math.max(7, ...holders.map(({ address }) => (address ?? 'unknown').length))
  return [
    `  holders  ${holders.length.toLocaleString('en-US')}`,
    ...[...holders]
      .sort((a, b) => order(a) - order(b))
      .map(({ address = 'unknown', kind, who, note }) => {
        const until = note === undefined ? '' : ` (${plain(note, 200)})`
        return `    ${plain(address, 60).padEnd(width)}  ${kind.padEnd(8)}  ${plain(who, 200)}${until}`
      }),
  ]
}

function parsed(address: string): number {
  return parseAddress(address) ?? Number.POSITIVE_INFINITY
}

/** `2026-11-20 14:03`. */
export function minuteOf(at: string): string {
  return plain(at, 40).replace('T', ' ').slice(0, 16)
}
