import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { PvcheckError } from '../core/errors.ts'
import { createRedactor } from '../core/redact.ts'
import { defineCheck } from '../model/check.ts'
import { expectationsSchema } from '../model/expectations.ts'
import type { Fact, FactReader } from '../model/fact.ts'
import type { RecordBody } from '../model/record.ts'
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
  const reader: FactReader = {
    read: async (fact) => {
      const answer = answers[fact.name]
      if (answer instanceof Error) throw answer
      if (answer instanceof Promise) await answer
      return { value: fact.schema.parse(answer), seq: Object.keys(answers).indexOf(fact.name) + 1 }
    },
  }
  const session: Session = {
    reader,
    recorder: { append: async (body) => records.push(body) },
    redact: createRedactor(['hunter-2-secret']),
    lost,
    wanted: expectationsSchema.parse({}),
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
