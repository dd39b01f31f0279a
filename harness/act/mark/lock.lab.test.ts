import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { lower } from '../../../lab/host/down.ts'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { bareGuest } from '../../../lab/host/testing/bare-guest.ts'
import { raise } from '../../../lab/host/up.ts'
import { pollUntil } from '../../core/poll.ts'
import { listRuns, readIntents } from './read-intents.ts'

const quiet = { progress: () => undefined }
let machine: LabMachine
let stateDir: string
const racers: Racer[] = []

beforeAll(async () => {
  machine = await raise(quiet, { guest: bareGuest })
}, 60_000)
afterAll(async () => {
  await lower({ which: { name: machine.name }, ...quiet })
}, 30_000)
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvm-'))
})
afterEach(async () => {
  await Promise.all(racers.splice(0).map((racer) => racer.end()))
  await runOn(machine, 'docker config rm pvcheck-lock 2>/dev/null || true')
  await rm(stateDir, { recursive: true, force: true })
})

interface Racer {
  readonly child: ChildProcess
  readonly run: string
  /** Says a word, and waits for the answer. */
  tell(word: 'take' | 'assert' | 'renew' | 'release'): Promise<string>
  end(): Promise<void>
}

/** A run of its own, in a process of its own, whose wall clock is off. */
async function racer(hoursOff = 0): Promise<Racer> {
  const script = join(import.meta.dirname, '../../../dist/harness/act/mark/testing/race-for-lock.js')
  const child = spawn(process.execPath, [script, machine.sshConfig, stateDir, String(hoursOff)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  const one: Racer = {
    child,
    run: await next(),
    tell: async (word) => {
      child.stdin.write(`${word}\n`)
      return next()
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGCONT')
      child.stdin.end()
      await gone
    },
  }
  racers.push(one)
  return one
}

const holder = async (): Promise<string> =>
  (await runOn(machine, `docker config inspect pvcheck-lock --format '{{index .Spec.Labels "pvcheck.run"}}'`)).trim()

/** Both at once; the one that won, and what the other was told. */
async function race(one: Racer, other: Racer): Promise<{ winner: Racer; told: string[] }> {
  const told = await Promise.all([one.tell('take'), other.tell('take')])
  return { winner: told[0] === 'done take' ? one : other, told: told.toSorted() }
}

test('of two processes that race for it, one wins each time, whatever their clocks show', async () => {
  const [one, other] = await Promise.all([racer(-7), racer(11)])
  for (let round = 1; round <= 20; round += 1) {
    const { winner, told } = await race(one, other)
    expect(told).toEqual(['LOCK_HELD', 'done take'])
    expect(await holder()).toBe(winner.run)
    expect(await winner.tell('release')).toBe('done release')
  }
  for (const run of await listRuns(stateDir)) expect((await readIntents(stateDir, run)).open).toEqual([])
})

test('of two processes that race for one that has ended, one wins each time', async () => {
  const [one, other] = await Promise.all([racer(), racer(-3)])
  const labels =
    '-l pvcheck.run=20260101T000000Z-0000 -l pvcheck.owner=gone -l pvcheck.expires=2026-01-01T00:01:00.000Z'
  for (let round = 1; round <= 20; round += 1) {
    await runOn(machine, `echo x | docker config create ${labels} pvcheck-lock -`)
    const { winner, told } = await race(one, other)
    expect(told).toEqual(['LOCK_HELD', 'done take'])
    expect(await holder()).toBe(winner.run)
    expect(await winner.tell('release')).toBe('done release')
  }
})

test('a holder that renews keeps it; one that is halted through its lease has lost it, and wakes to nothing', async () => {
  const [first, second] = await Promise.all([racer(5), racer(-5)])
  expect(await first.tell('take')).toBe('done take')
  for (let count = 0; count < 5; count += 1) {
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    expect([await first.tell('assert'), await second.tell('take')]).toEqual(['done assert', 'LOCK_HELD'])
  }
  first.child.kill('SIGSTOP')
  await pollUntil(
    async () => {
      const state = await second.tell('take')
      return state === 'done take' ? { done: true, value: state } : { done: false, state }
    },
    { what: 'the lock to be taken over', timeoutMs: 60_000, intervalMs: 500 },
  )
  first.child.kill('SIGCONT')
  expect([await first.tell('assert'), await first.tell('renew')]).toEqual(['LOCK_LOST', 'LOCK_LOST'])
  expect(await first.tell('release')).toBe('done release')
  expect([await holder(), await second.tell('assert')]).toEqual([second.run, 'done assert'])
})

test('a run that was killed leaves an open intent for its lock', async () => {
  const { child, run, tell } = await racer()
  expect(await tell('take')).toBe('done take')
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  const id = (await runOn(machine, "docker config inspect pvcheck-lock --format '{{.ID}}'")).trim()
  expect((await readIntents(stateDir, run)).open).toEqual([{ kind: 'config', name: 'pvcheck-lock', id }])
})
