import { expect, test } from 'vitest'
import type { Finding } from '../../model/finding.ts'
import type { Verdict } from '../../model/verdict.ts'
import { changesOf } from './change.ts'

const finding = (verdict: Verdict, actual: string, subject = 'x'): Finding => {
  return { check: 'PV-A-001', title: 'x', subject, expected: 'x', actual, verdict, evidence: [] }
}

test.each([
  ['time went by', 'up for 3 d 4 h', 'up for 3 d 5 h'],
  ['time went by, in other units', 'up for 59 min 3 s', 'up for 1 h'],
  ['another start', 'since 2026-11-19T01:02:03.456Z', 'since 2026-11-20T00:00:00Z'],
  ['a log grew', 'none in 151 lines', 'none in 1,152 lines'],
  ['another answer time', 'answered in 12.5 ms', 'answered in 9 ms'],
  [
    'other phases of a request',
    '200 from 1.2.3.4:443 in 12 ms (dns 0, tcp 1, tls 5, first byte 6), the slowest of 3 visits',
    '200 from 1.2.3.4:443 in 1,204 ms (dns 17, tcp 1, tls 1180, first byte 6), the slowest of 3 visits',
  ],
  ['a day has passed', 'serial 4F2A, 89 days left, until 2027-02-17', 'serial 4F2A, 88 days left, until 2027-02-17'],
  ['another made-up name', 'pvcheck-0123456789ab.x.test: 404', 'pvcheck-ba9876543210.x.test: 404'],
])('it is no change: %s', (_, before, after) => {
  expect(changesOf([finding('pass', before)], [finding('pass', after)])).toEqual([])
})

test.each([
  ['another subnet', '10.0.1.0/24', '10.10.0.0/16'],
  ['another figure', '3 services', '4 services'],
  ['another version', 'engine 20.10.24', 'engine 26.1.5'],
  ['another certificate', 'serial 4F2A, 89 days left', 'serial 51C0, 89 days left'],
  ['another status', '200 from 1.2.3.4:443 in 9 ms (tls 5)', '302 from 1.2.3.4:443 in 9 ms (tls 5)'],
  ['another address', '200 from 1.2.3.4:443 in 9 ms (tls 5)', '200 from 1.2.3.5:443 in 9 ms (tls 5)'],
  ['a node that is gone', '3 nodes', '2 nodes'],
])('%s is a change', (_, before, after) => {
  expect(changesOf([finding('pass', before)], [finding('pass', after)])).toHaveLength(1)
})

test('another verdict is a change, whatever the state', () => {
  expect(changesOf([finding('pass', 'up for 3 h')], [finding('fail', 'up for 3 h')])).toHaveLength(1)
})

test('a subject with a made-up name is the same subject', () => {
  const [before, after] = ['pvcheck-0123456789ab.x.test', 'pvcheck-ba9876543210.x.test']
  expect(changesOf([finding('pass', '404', before)], [finding('pass', '404', after)])).toEqual([])
  expect(changesOf([finding('pass', '404', before)], [finding('fail', '200', after)])).toHaveLength(1)
})

test('what is new and what is gone are changes', () => {
  const changes = changesOf([finding('pass', 'a', 'old')], [finding('pass', 'a', 'new')])
  expect(changes.map(({ subject, before, after }) => [subject, before?.verdict, after?.verdict])).toEqual([
    ['new', undefined, 'pass'],
    ['old', 'pass', undefined],
  ])
})

test('the worst change comes first', () => {
  const before = [finding('fail', 'a', 'mended'), finding('pass', 'a', 'broken'), finding('pass', 'a', 'moved')]
  const after = [finding('pass', 'a', 'mended'), finding('fail', 'a', 'broken'), finding('pass', 'b', 'moved')]
  expect(changesOf(before, after).map(({ subject }) => subject)).toEqual(['broken', 'moved', 'mended'])
})
