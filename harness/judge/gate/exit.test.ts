import { expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import type { RecordBody } from '../../model/record.ts'
import type { Verdict } from '../../model/verdict.ts'
import { checksNotJudged, exitOf } from './exit.ts'

const run = (...checks: string[]): RecordBody => ({
  kind: 'run',
  command: 'pvcheck verify',
  pvcheck: '0.1.0',
  node: 'v20.20.2',
  target: 'x',
  expectations: expectationsSchema.parse({}),
  planned: checks.map((check) => ({ check, title: 'x' })),
})
const finding = (verdict: Verdict, check: `PV-${'A' | 'RES'}-${string}` = 'PV-A-001'): RecordBody => {
  return { kind: 'finding', check, title: 'x', subject: 'x', expected: 'x', actual: 'x', verdict, evidence: [] }
}
const skip = (check: string): RecordBody => ({ kind: 'skip', check, title: 'x', reason: 'x' })
const trouble = (exit?: string): RecordBody => {
  const body = { kind: 'trouble' as const, code: 'X', seen: 'x', wanted: 'x', remedy: 'x', during: 'connect' }
  return exit === undefined ? body : { ...body, exit }
}

test.each<readonly [string, readonly RecordBody[], string]>([
  ['all passed', [run('PV-A-001'), finding('pass')], 'pass'],
  ['a waived finding', [finding('pass'), finding('waived', 'PV-A-002')], 'pass'],
  ['what does not apply beside a pass', [finding('pass'), finding('n/a', 'PV-A-002')], 'pass'],
  ['a failure', [finding('pass'), finding('fail', 'PV-A-002')], 'failed'],
  ['an unknown', [finding('pass'), finding('unknown', 'PV-A-002')], 'unknown'],
  ['a blocked check', [finding('pass'), finding('blocked', 'PV-A-002')], 'blocked'],
  ['blocked and unknown', [finding('unknown'), finding('blocked', 'PV-A-002')], 'blocked'],
  ['failed, blocked and unknown', [finding('unknown'), finding('blocked'), finding('fail')], 'failed'],
  ['a pass and a failure of one check', [finding('fail'), finding('pass')], 'failed'],
  ['residue beside passes', [finding('pass'), finding('fail', 'PV-RES-003')], 'residue'],
  [
    'residue beside a failure and a block',
    [finding('fail'), finding('blocked'), finding('fail', 'PV-RES-001')],
    'residue',
  ],
  ['residue beside a fault of our own', [finding('fail', 'PV-RES-001'), trouble('internal')], 'internal'],
  ['residue after a lost connection', [finding('fail', 'PV-RES-001'), trouble('blocked')], 'residue'],
  ['residue that could not be looked for', [finding('pass'), finding('unknown', 'PV-RES-001')], 'unknown'],
  ['a run that left nothing', [finding('pass'), finding('pass', 'PV-RES-001')], 'pass'],
  ['no record at all', [], 'empty'],
  ['nothing but a plan', [run('PV-A-001')], 'empty'],
  ['nothing but n/a', [finding('n/a')], 'empty'],
  ['nothing but skips', [run('PV-A-001'), skip('PV-A-001')], 'empty'],
  ['a planned check that never ran', [run('PV-A-001', 'PV-A-002'), finding('pass')], 'unknown'],
  ['a planned check that was skipped', [run('PV-A-001', 'PV-A-002'), finding('pass'), skip('PV-A-002')], 'unknown'],
  ['a check that was left out by choice', [run('PV-A-001'), finding('pass'), skip('PV-A-002')], 'pass'],
  ['a missing check beside a failure', [run('PV-A-001', 'PV-A-002'), finding('fail')], 'failed'],
  ['a set-up that died', [run('PV-A-001'), trouble('blocked'), skip('PV-A-001')], 'blocked'],
  ['a set-up that was refused the lock', [run('PV-A-001'), trouble('locked')], 'locked'],
  [
    'a run that may not act, and passes else',
    [run('PV-A-001', 'PV-A-002'), finding('pass'), trouble('locked')],
    'locked',
  ],
  ['a run that may not act, and a failure', [finding('fail'), trouble('locked')], 'failed'],
  ['a wrong configuration', [run('PV-A-001'), trouble('usage')], 'usage'],
  ['a trouble that asks for no exit', [trouble()], 'unknown'],
  ['a trouble that asks for a pass, or for rubbish', [finding('pass'), trouble('pass'), trouble('x')], 'unknown'],
  ['a trouble named like a method', [finding('pass'), trouble('toString')], 'unknown'],
  ['a fault of our own beside a failure', [finding('fail'), trouble('internal')], 'internal'],
  ['a lost connection after passes', [run('PV-A-001'), finding('pass'), trouble('blocked')], 'blocked'],
])('%s', (_, bodies, exit) => {
  expect(exitOf(bodies)).toBe(exit)
})

test('a planned check without a finding is not judged, whatever was said of it', () => {
  const bodies = [run('PV-A-001', 'PV-A-002', 'PV-A-003'), finding('n/a'), skip('PV-A-002')]
  expect(checksNotJudged(bodies).map(({ check }) => check)).toEqual(['PV-A-002', 'PV-A-003'])
})
