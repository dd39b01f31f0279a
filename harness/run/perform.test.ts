import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { RecordBody } from '../model/record.ts'
import { startFixture } from './fixtures/start.ts'

const planned = ['001', '002', '003', '004'].map((number) => ({ check: `PV-TEST-${number}`, title: 't' }))

function findingsIn(bodies: readonly RecordBody[]) {
  return bodies.flatMap((body) => (body.kind === 'finding' ? [body] : []))
}

/** An engine that takes every connection and never says a word. */
async function silentEngine(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'pvt-'))
  const socketPath = join(dir, 'silent.sock')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(async () => {
    server.close()
    await rm(dir, { recursive: true, force: true })
  })
  return socketPath
}

test('checks are proven through the worker: passed, not applicable, or unknown with the reason', async () => {
  const run = await startFixture('proves', { planned })
  expect((await run.ended()).code, run.output()).toBe(2)
  const bodies = await run.bodies()
  expect(findingsIn(bodies).map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
    'PV-TEST-001 pass',
    'PV-TEST-002 n/a',
    'PV-TEST-003 unknown',
    'PV-TEST-004 unknown',
  ])
  expect(findingsIn(bodies)[2]?.reason).toMatch(/^REACH_\w+/)
  // The fact was asked for once, however many checks need it.
  expect(bodies.filter(({ kind }) => kind === 'observation')).toHaveLength(1)
  expect(bodies.at(-1)).toEqual({ kind: 'end', exit: 'unknown' })
})

test('when the connection dies in mid-run, what remains is unknown with the first cause', async () => {
  const run = await startFixture('proves', { planned, connect: 'dies', socketPath: await silentEngine() })
  const { code } = await run.ended()
  expect(code, run.output()).toBe(2)
  const bodies = await run.bodies()
  expect(bodies.filter(({ kind }) => kind === 'trouble')).toMatchObject([{ code: 'REACH_FIXTURE_LOST' }])
  const [, , third, fourth] = findingsIn(bodies)
  for (const finding of [third, fourth]) {
    expect(finding).toMatchObject({ verdict: 'unknown', actual: 'the fixture ended' })
    expect(finding?.reason).toContain('REACH_FIXTURE_LOST')
  }
})

test('a worker that dies takes nothing with it: what it judged stays, the rest is accounted for', async () => {
  const run = await startFixture('dies', { planned: planned.slice(0, 2) })
  expect((await run.ended()).code, run.output()).toBe(70)
  const bodies = await run.bodies()
  expect(findingsIn(bodies)).toMatchObject([{ check: 'PV-TEST-001', verdict: 'pass' }])
  expect(bodies.filter(({ kind }) => kind === 'trouble')).toMatchObject([{ code: 'RUN_SPEC_FAULT' }])
  expect(bodies.filter(({ kind }) => kind === 'skip')).toMatchObject([{ check: 'PV-TEST-002' }])
})

test('a test that breaks down is a fault, though every finding is green', async () => {
  const run = await startFixture('throws')
  expect((await run.ended()).code, run.output()).toBe(70)
  expect(run.output()).toMatch(/RUN_SPEC_FAULT.*out of order/)
})

test('a spec that does not load is a fault, not an empty success', async () => {
  const run = await startFixture('broken')
  expect((await run.ended()).code, run.output()).toBe(70)
  expect(run.output()).toContain('RUN_SPEC_FAULT')
})
