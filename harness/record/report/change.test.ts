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
])('it is no change: %s', (_, before, after) => {
  expect(changesOf([finding('pass', before)], [finding('pass', after)])).toEqual([])
})

test.each([
  ['another subnet', '10.0.1.0/24', '10.10.0.0/16'],
  ['another figure', '3 services', '4 services'],
  ['another version', 'engine 20.10.24', 'engine 26.1.5'],
  ['a node that is gone', '3 nodes', '2 nodes'],
])('%s is a change', (_, before, after) => {
  expect(changesOf([finding('pass', before)], [finding('pass', after)])).toHaveLength(1)
})

test('another verdict is a change, whatever the state', () => {
  expect(changesOf([finding('pass', 'up for 3 h')], [finding('fail', 'up for 3 h')])).toHaveLength(1)
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
