import { expect, test } from 'vitest'
import { PvcheckError } from '../core/errors.ts'
import { defineCheck } from '../model/check.ts'
import { expectationsSchema } from '../model/expectations.ts'
import { applyCheck, notApplicableFinding, unreadFinding } from './apply.ts'

const wanted = expectationsSchema.parse({})
const judgement = { subject: 'proxy', expected: 'an overlay', actual: 'an overlay', verdict: 'pass' } as const

function checkThat(judge: () => readonly (typeof judgement)[]) {
  return defineCheck({ id: 'PV-TEST-001', title: 'The network is an overlay', needs: {}, judge })
}

test('a judgement becomes a finding with the name of its check and its evidence', () => {
  const check = checkThat(() => [judgement])
  expect(applyCheck(check, {}, wanted, [3, 5])).toEqual([
    { ...judgement, check: 'PV-TEST-001', title: 'The network is an overlay', evidence: [3, 5] },
  ])
})

test('a check that says nothing has established nothing', () => {
  const [finding] = applyCheck(
    checkThat(() => []),
    {},
    wanted,
    [1],
  )
  expect(finding).toMatchObject({ verdict: 'unknown', evidence: [1] })
  expect(finding?.reason).toContain('CHECK_SAID_NOTHING')
})

test('a check that throws has established nothing', () => {
  const check = checkThat(() => {
    throw new TypeError('undefined is not an address')
  })
  const [finding] = applyCheck(check, {}, wanted, [1])
  expect(finding).toMatchObject({ verdict: 'unknown' })
  expect(finding?.reason).toBe('CHECK_THREW: undefined is not an address')
})

test('what could not be read is unknown, with its code, and with what was seen and what to do', () => {
  const error = new PvcheckError({ code: 'REACH_GONE', seen: 'no answer', wanted: 'an answer', remedy: 'Start it.' })
  const finding = unreadFinding(
    checkThat(() => [judgement]),
    error,
    [2],
  )
  expect(finding).toMatchObject({ verdict: 'unknown', actual: 'no answer', remedy: 'Start it.', evidence: [2] })
  expect(finding.reason).toContain('REACH_GONE')
})

test('what does not apply says why', () => {
  const finding = notApplicableFinding(
    checkThat(() => [judgement]),
    'none is declared',
  )
  expect(finding).toMatchObject({ verdict: 'n/a', reason: 'none is declared', evidence: [] })
})
