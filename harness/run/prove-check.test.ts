import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { PvcheckError } from '../core/errors.ts'
import { createRedactor } from '../core/redact.ts'
import { type AnyCheck, defineCheck, type Requirement } from '../model/check.ts'
import { expectationsSchema } from '../model/expectations.ts'
import type { Fact, FactKeeper } from '../model/fact.ts'
import type { RecordBody } from '../model/record.ts'
import type { Verdict } from '../model/verdict.ts'
import { proveCheck, type Session } from './prove-check.ts'

const uptime: Fact<number> = { name: 'uptime', what: 'the uptime', schema: z.number() }
const address: Fact<string> = { name: 'address', what: 'the address', schema: z.string() }
const never = new AbortController().signal

const isUp = defineCheck({
  id: 'PV-TEST-001',
  title: 'The host is up',
  needs: { uptime, address },
  judge: (facts) => [
    {
      subject: facts.address,
      expected: 'up for a second',
      actual: `${facts.uptime} s`,
      verdict: facts.uptime >= 1 ? 'pass' : 'fail',
    },
  ],
})

function sessionWith(answers: Readonly<Record<string, unknown>>, lost: AbortSignal = never) {
  const records: RecordBody[] = []
  const reader: FactKeeper = {
    read: async (fact) => {
      const answer = answers[fact.name]
      if (answer instanceof Error) throw answer
      if (answer instanceof Promise) await answer
      return { value: fact.schema.parse(answer), seq: Object.keys(answers).indexOf(fact.name) + 1 }
    },
    keep: async (fact, raw) => ({ value: fact.schema.parse(raw), seq: records.length }),
  }
  const session: Session = {
    reader,
    recorder: { append: async (body) => records.push(body) },
    redact: createRedactor(['hunter-2-secret']),
    lost,
    wanted: expectationsSchema.parse({}),
    patienceMs: 60_000,
    proven: new Map(),
  }
  return { session, records }
}

test('each finding is saved, with the records it rests on', async () => {
  const { session, records } = sessionWith({ uptime: 0, address: '198.51.100.2' })
  const findings = await proveCheck(isUp, session, never)
  expect(findings).toMatchObject([{ subject: '198.51.100.2', verdict: 'fail', evidence: [1, 2] }])
  expect(records).toEqual(findings.map((finding) => ({ kind: 'finding', ...finding })))
})

test('a secret in what could not be read is in no finding', async () => {
  const refused = new PvcheckError({ code: 'REACH_REFUSED', seen: 'no hunter-2-secret here', wanted: 'w', remedy: 'r' })
  const { session } = sessionWith({ uptime: refused, address: '198.51.100.2' })
  const findings = await proveCheck(isUp, session, never)
  expect(JSON.stringify(findings)).toContain('REACH_REFUSED')
  expect(JSON.stringify(findings)).not.toContain('hunter-2-secret')
})

test('a fact that cannot be read makes it unknown, and keeps the evidence there is', async () => {
  const refused = new PvcheckError({ code: 'REACH_REFUSED', seen: 'refused', wanted: 'an answer', remedy: 'Ask.' })
  const { session, records } = sessionWith({ uptime: refused, address: '198.51.100.2' })
  const [finding] = await proveCheck(isUp, session, never)
  expect(finding).toMatchObject({ verdict: 'unknown', actual: 'refused', evidence: [2] })
  expect(records).toHaveLength(1)
})

test('a check that waits too long for a fact is unknown, and says how long', async () => {
  const { session, records } = sessionWith({ uptime: new Promise(() => undefined), address: '198.51.100.2' })
  const [finding] = await proveCheck(isUp, { ...session, patienceMs: 20 }, never)
  expect(finding).toMatchObject({ verdict: 'unknown', evidence: [2] })
  expect(finding?.reason).toContain('RUN_FACT_TOO_LATE')
  expect(records).toHaveLength(1)
})

test('a check that does not apply asks nothing', async () => {
  const { session } = sessionWith({})
  const check = { ...isUp, notApplicable: () => 'a reason' }
  expect(await proveCheck(check, session, never)).toMatchObject([{ verdict: 'n/a', reason: 'a reason' }])
})

describe('when the target is lost', () => {
  const gone = new PvcheckError({ code: 'REACH_SSH_LOST', seen: 'ssh ended', wanted: 'ssh', remedy: 'Look.' })
  const hanging = new Promise(() => undefined)

  test('a check that waits is unknown with the first cause', async () => {
    const lost = new AbortController()
    const { session } = sessionWith({ uptime: hanging, address: 'x' }, lost.signal)
    const proving = proveCheck(isUp, session, never)
    lost.abort(gone)
    const [finding] = await proving
    expect(finding).toMatchObject({ verdict: 'unknown', actual: 'ssh ended' })
    expect(finding?.reason).toContain('REACH_SSH_LOST')
  })

  test('a check that fails because of it names the first cause, too', async () => {
    const { session } = sessionWith({ uptime: new Error('ECONNREFUSED'), address: 'x' }, AbortSignal.abort(gone))
    const [finding] = await proveCheck(isUp, session, never)
    expect(finding?.reason).toContain('REACH_SSH_LOST')
  })

  test('a cancelled check saves nothing: it says nothing about the host', async () => {
    const cancelled = new AbortController()
    const { session, records } = sessionWith({ uptime: hanging, address: 'x' })
    const proving = proveCheck(isUp, session, cancelled.signal)
    cancelled.abort(new Error('cancelled'))
    await expect(proving).rejects.toThrow('cancelled')
    expect(records).toEqual([])
  })
})

describe('a check that requires another', () => {
  const routeIs = (verdict: Verdict, more: object = {}) =>
    defineCheck({
      id: 'PV-TEST-002',
      title: 'Every route leads to its service',
      needs: { address },
      judge: () => [
        { subject: 'a.test/', expected: '200', actual: '502 from 198.51.100.2:443', verdict, ...more },
        { subject: 'b.test/', expected: '200', actual: '200', verdict: 'pass' },
      ],
    })
  const needing = (required: AnyCheck, blocks: Requirement['blocks'] = () => true) => {
    return {
      ...isUp,
      requires: [{ check: required, blocks, code: 'ROUTE_DOWN', expected: 'routes that lead', remedy: 'Mend it.' }],
    }
  }
  const acting = () => {
    const acts: string[] = []
    return { acts, act: async () => void acts.push('created a service') }
  }

  test.each(['fail', 'unknown', 'blocked'] as const)(
    'is blocked by %s, names what is down, and does nothing',
    async (verdict) => {
      // The fact of the check itself is not there: reading it would make the finding `unknown`.
      const { session, records } = sessionWith({ address: 'x' })
      const { acts, act } = acting()
      const findings = await proveCheck(needing(routeIs(verdict, { code: 'PROXY_502' })), session, never, act)
      expect(findings).toEqual([
        {
          check: 'PV-TEST-001',
          title: 'The host is up',
          subject: 'target',
          expected: 'routes that lead',
          actual: 'not done, because of a.test/ (PROXY_502)',
          verdict: 'blocked',
          code: 'ROUTE_DOWN',
          reason: `PV-TEST-002 is not green: ${verdict}: a.test/: 502 from 198.51.100.2:443`,
          remedy: 'Mend it.',
          evidence: [1],
        },
      ])
      expect(acts).toEqual([])
      expect(records.map((body) => body.kind === 'finding' && `${body.check} ${body.verdict}`)).toEqual([
        `PV-TEST-002 ${verdict}`,
        'PV-TEST-002 pass',
        'PV-TEST-001 blocked',
      ])
    },
  )

  test('is blocked where the other could not be asked', async () => {
    const { session } = sessionWith({ address: new Error('gone') })
    const { acts, act } = acting()
    const [finding] = await proveCheck(needing(routeIs('pass')), session, never, act)
    expect(finding).toMatchObject({ verdict: 'blocked', actual: 'not done, because of target (unknown)' })
    expect(acts).toEqual([])
  })

  test.each<readonly [string, AnyCheck, Requirement['blocks']]>([
    ['all is green', routeIs('pass'), () => true],
    ['what is waived is accepted', routeIs('waived'), () => true],
    ['what is red does not matter to it', routeIs('fail'), ({ subject }) => subject !== 'a.test/'],
    ['the other does not apply', { ...routeIs('fail'), notApplicable: () => 'no routes are configured' }, () => true],
  ])('acts, and is judged, where %s', async (_, required, blocks) => {
    const { session } = sessionWith({ uptime: 1, address: 'x' })
    const { acts, act } = acting()
    expect(await proveCheck(needing(required, blocks), session, never, act)).toMatchObject([{ verdict: 'pass' }])
    expect(acts).toEqual(['created a service'])
  })

  test('finds what was proven before, and no check is recorded twice', async () => {
    const { session, records } = sessionWith({ uptime: 1, address: 'x' })
    const required = routeIs('pass')
    const first = await proveCheck(required, session, never)
    await proveCheck(needing(required), session, never)
    expect(await proveCheck(required, session, never)).toEqual(first)
    expect(records.filter((body) => body.kind === 'finding' && body.check === 'PV-TEST-002')).toHaveLength(2)
  })

  test('whose act fails is unknown', async () => {
    const { session } = sessionWith({ uptime: 1, address: 'x' })
    const act = () => Promise.reject(new PvcheckError({ code: 'ACT_FAILED', seen: 's', wanted: 'w', remedy: 'r' }))
    const [finding] = await proveCheck(needing(routeIs('pass')), session, never, act)
    expect(finding).toMatchObject({ verdict: 'unknown', reason: 'ACT_FAILED: wanted w' })
  })
})
