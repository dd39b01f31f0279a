import { expect, test } from 'vitest'
import type { NetworkReport } from '../../judge/census/report-networks.ts'
import { notesOf } from './notes.ts'
import { reported } from './testing/report.ts'

const notes = (network: NetworkReport, isWalk = false) =>
  notesOf({ at: '', cluster: 'c', isWalk, networks: [network], leftOut: [] })

const refusal = {
  code: 'IPV6_ONLY',
  seen: 'six has no IPv4 subnet, only fd00::/64',
  remedy: 'There is nothing to walk.',
}
const leaked = { state: 'unknown', why: 'it has no IPv4 subnet' } as const
const cost = { wallMs: 0, requests: 0 }
const asked: Partial<NetworkReport> = { offer: { state: 'refuse', refusal } }
const walked: Partial<NetworkReport> = {
  walk: { networkId: 'n', laps: [], atOnce: 0, ended: 'refused', why: refusal, cost },
}

test.each([
  ['asked', asked, false],
  ['walked', walked, true],
] as const)('of a network of IPv6 alone that was %s it is said why it has no figures', (_, change, isWalk) => {
  const six = reported({ name: 'six', capacity: 0, subnets: [], vips: 0, leaked, change })
  expect(notes(six, isWalk)).toEqual(['six has no IPv4 subnet, only fd00::/64. There is nothing to walk.'])
})

test('what costs nothing has no cost', () => {
  expect(notes(reported(), true)).toEqual([])
})
