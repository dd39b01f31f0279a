import { expect, test } from 'vitest'
import type { Check } from '../model/check.ts'
import { isGreen } from '../model/verdict.ts'
import { allChecks, checks } from './checks.ts'
import { judge } from './test-host/green.ts'
import { routing } from './test-host/routing.ts'

const notRouted = Object.fromEntries(Object.keys(routing).map((key) => [key, undefined]))

test('no two checks have the same id or title', () => {
  expect(new Set(allChecks.map(({ id }) => id)).size).toBe(allChecks.length)
  expect(new Set(allChecks.map(({ title }) => title)).size).toBe(allChecks.length)
})

test('the recorded sound host is green in every check', () => {
  const findings = checks.flatMap((check) =>
    // Each check is judged with its own facts; only the list of all has lost their types.
    judge(check as unknown as Check).map((judgement) => ({ id: check.id, ...judgement })),
  )
  expect(findings.filter(({ verdict }) => !isGreen(verdict))).toEqual([])
  // What is asked over the web was not configured for that host; it is judged where it is told.
  const local = findings.filter(({ id }) => !/^PV-(ROUTE|CI)-/.test(id))
  expect(local.filter(({ verdict }) => verdict === 'n/a').map(({ id }) => id)).toEqual(['PV-SWM-004', 'PV-NET-011'])
})

test('every check says something of a host that is not configured at all', () => {
  for (const check of checks) {
    const wish = { sharedNetwork: {}, stacks: {}, controlPlane: [], ...notRouted }
    expect(judge(check as unknown as Check, undefined, wish), check.id).not.toHaveLength(0)
  }
})
