import { expect, test } from 'vitest'
import type { RecordBody } from '../model/record.ts'
import { createCoverage } from './coverage.ts'

const planned = [
  { check: 'PV-TEST-001', title: 'One' },
  { check: 'PV-TEST-002', title: 'Two' },
]
const finding: RecordBody = {
  kind: 'finding',
  check: 'PV-TEST-001',
  title: 'One',
  subject: 's',
  expected: 'e',
  actual: 'a',
  verdict: 'pass',
  evidence: [],
}
const trouble: RecordBody = {
  kind: 'trouble',
  code: 'REACH_SSH_LOST',
  seen: 'ssh ended',
  wanted: 'w',
  remedy: 'r',
  during: 'specs',
}

function gapsAfter(bodies: readonly RecordBody[], interrupted?: 'interrupted') {
  const coverage = createCoverage(planned)
  for (const body of bodies) coverage.see(body)
  return coverage.gaps(interrupted)
}

test('a run that judged every planned check has no gaps', () => {
  expect(gapsAfter([finding, { ...finding, check: 'PV-TEST-002' }])).toEqual([])
})

test('a check that was never judged is trouble of its own, and accounted for', () => {
  expect(gapsAfter([finding])).toMatchObject([
    { kind: 'trouble', code: 'RUN_CHECKS_MISSING', exit: 'unknown' },
    { kind: 'skip', check: 'PV-TEST-002' },
  ])
})

test('a run that judged nothing says so', () => {
  const host: RecordBody = { kind: 'host', fingerprint: { cluster: 'c', node: 'n', engine: 'e' } }
  expect(gapsAfter([host])[0]).toMatchObject({ code: 'RUN_NOTHING_EXECUTED', exit: 'empty' })
})

test('what trouble left out has the first trouble as its reason', () => {
  const gaps = gapsAfter([finding, trouble, { ...trouble, code: 'LATER' }])
  expect(gaps).toMatchObject([{ kind: 'skip', reason: 'not judged, because of REACH_SSH_LOST' }])
})

test('what an interrupt left out is no trouble of the host', () => {
  expect(gapsAfter([finding], 'interrupted')).toEqual([
    { kind: 'skip', check: 'PV-TEST-002', title: 'Two', reason: 'the run was interrupted before it was judged' },
  ])
})
