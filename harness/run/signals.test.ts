import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { pollUntil } from '../core/poll.ts'
import { startFixture } from './fixtures/start.ts'

/** Zombies are dead: who reaps them is not our matter. */
async function isAlive(pid: number): Promise<boolean> {
  if (!existsSync(`/proc/${pid}`)) return false
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
}

async function isGone(pid: number): Promise<void> {
  await pollUntil(async () => ((await isAlive(pid)) ? { done: false, state: 'alive' } : { done: true, value: true }), {
    what: `the end of worker ${pid}`,
    timeoutMs: 3_000,
    intervalMs: 50,
  })
}

const ends = [
  { name: 'SIGINT', code: 130, exit: 'interrupted' },
  { name: 'SIGHUP', code: 130, exit: 'interrupted' },
  { name: 'SIGTERM', code: 143, exit: 'terminated' },
] as const

describe.each(ends)('$name', ({ name, code, exit }) => {
  test.each([
    { to: 'the process', sign: 1 },
    { to: 'the whole group', sign: -1 },
  ])('to $to in mid-test cleans up and exits in time', async ({ sign }) => {
    const run = await startFixture('hangs')
    const worker = await run.prints('waiting in')
    process.kill(sign * run.pid, name)
    const { code: seen, ms } = await run.ended()
    expect(seen, run.output()).toBe(code)
    expect(ms).toBeLessThan(2_000)
    expect(run.output()).toContain('onTestFinished ran')
    expect(run.output()).toContain('afterAll ran')
    expect(run.output()).toContain('disconnected')
    expect(run.output()).not.toContain('the next test ran')
    expect(await run.end()).toMatchObject({ kind: 'end', exit })
    expect(await run.leftovers()).toEqual([])
    await isGone(worker)
  })

  test('while connecting ends the run before any spec', async () => {
    const run = await startFixture('hangs', { connect: 'hangs', planned: [{ check: 'PV-X-001', title: 'x' }] })
    await run.prints('connecting')
    process.kill(-run.pid, name)
    expect((await run.ended()).code, run.output()).toBe(code)
    expect(run.output()).toContain('PV-X-001  skipped')
    expect(run.output()).not.toContain('waiting in')
    expect(await run.end()).toMatchObject({ kind: 'end', exit })
  })

  test('while Vitest starts ends the run before any spec', async () => {
    const run = await startFixture('hangs')
    await run.prints('on cluster')
    process.kill(-run.pid, name)
    expect((await run.ended()).code, run.output()).toBe(code)
    expect(run.output()).not.toContain('waiting in')
    expect(await run.end()).toMatchObject({ kind: 'end', exit })
    expect(await run.leftovers()).toEqual([])
  })
})

test('a spec that is stuck in synchronous code is ended when patience is', async () => {
  const run = await startFixture('stuck', { graceMs: 700 })
  const worker = await run.prints('stuck in')
  process.kill(-run.pid, 'SIGINT')
  const { code, ms } = await run.ended()
  expect(code, run.output()).toBe(130)
  expect(ms).toBeGreaterThan(600)
  expect(ms).toBeLessThan(2_500)
  expect(await run.end()).toMatchObject({ kind: 'end', exit: 'interrupted' })
  await isGone(worker)
})

test('a signal that arrives twice at once, as under npm, still cleans up', async () => {
  const run = await startFixture('hangs')
  await run.prints('waiting in')
  process.kill(-run.pid, 'SIGINT')
  process.kill(run.pid, 'SIGINT')
  expect((await run.ended()).code, run.output()).toBe(130)
  expect(run.output()).toContain('onTestFinished ran')
  expect(run.output()).toContain('disconnected')
})

test('connecting that does not heed the signal is given up when patience is', async () => {
  const run = await startFixture('hangs', { connect: 'ignores', graceMs: 500 })
  await run.prints('connecting')
  process.kill(-run.pid, 'SIGTERM')
  const { code, ms } = await run.ended()
  expect(code, run.output()).toBe(143)
  expect(ms).toBeLessThan(2_000)
  expect(await run.end()).toMatchObject({ kind: 'end', exit: 'terminated' })
})

test('a second signal ends a stuck spec at once', async () => {
  const run = await startFixture('stuck', { graceMs: 60_000 })
  const worker = await run.prints('stuck in')
  process.kill(run.pid, 'SIGTERM')
  // What comes at once is an echo of the first one.
  await delay(400)
  process.kill(run.pid, 'SIGINT')
  expect((await run.ended()).code, run.output()).toBe(143)
  expect(await run.end()).toMatchObject({ kind: 'end', exit: 'terminated' })
  expect(await run.leftovers()).toEqual([])
  await isGone(worker)
})

test.each(['hangs', 'stuck'])('no worker outlives a main process that was killed (%s)', async (spec) => {
  const run = await startFixture(spec)
  const worker = await run.prints(spec === 'hangs' ? 'waiting in' : 'stuck in')
  expect(await isAlive(worker)).toBe(true)
  process.kill(run.pid, 'SIGKILL')
  await run.ended()
  await isGone(worker)
  expect((await run.end())?.kind).not.toBe('end')
  expect(await run.leftovers()).toEqual([])
})

test('a run that judged nothing exits 5', async () => {
  const run = await startFixture('empty')
  expect((await run.ended()).code, run.output()).toBe(5)
  expect(run.output()).toContain('RUN_NOTHING_EXECUTED')
})

test('a run that cannot connect ends as its cause says, with every planned check accounted for', async () => {
  const run = await startFixture('hangs', { connect: 'fails', planned: [{ check: 'PV-X-001', title: 'x' }] })
  expect((await run.ended()).code, run.output()).toBe(3)
  expect(run.output()).toContain('REACH_FIXTURE_REFUSED')
  expect(run.output()).toContain('PV-X-001  skipped: not judged, because of REACH_FIXTURE_REFUSED')
  expect(await run.end()).toMatchObject({ kind: 'end', exit: 'blocked' })
})
