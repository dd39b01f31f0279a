import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pollUntil } from '../core/poll.ts'
import type { RecordBody } from '../model/record.ts'
import { readBundle } from '../record/evidence/read.ts'
import { packageInfo } from './package-info.ts'

const { root } = packageInfo()
const fixtures = join(root, 'dist', 'harness', 'run', 'fixtures')

interface Run {
  readonly child: ChildProcess
  readonly pid: number
  /** Everything that was printed until now. */
  output(): string
  /** Waits for a text, and returns the process id that was printed after it. */
  prints(text: string): Promise<number>
  ended(): Promise<{ code: number | null; ms: number }>
  end(): Promise<RecordBody | undefined>
  /** What is left of the run's private folders. */
  leftovers(): Promise<string[]>
}

/** Starts the fixture as the leader of a process group of its own, as a terminal would. */
async function start(spec: string, wish: Readonly<Record<string, unknown>> = {}): Promise<Run> {
  const dir = await mkdtemp(join(tmpdir(), 'pvt-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const given = { reportsDir: join(dir, 'reports'), root, files: [join(fixtures, `${spec}.spec.js`)], ...wish }
  const child = spawn(process.execPath, [join(fixtures, 'run.js'), JSON.stringify(given)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: dir, VITEST: undefined, NODE_OPTIONS: undefined },
  })
  const pid = child.pid ?? 0
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL')
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  let signalledAt = 0
  const exited = new Promise<{ code: number | null; ms: number }>((resolve) => {
    child.on('close', (code) => resolve({ code, ms: performance.now() - signalledAt }))
  })
  return {
    child,
    pid,
    output: () => output,
    prints: async (text) => {
      const found = await pollUntil(
        async () => {
          const line = output
            .split('\n')
            .find((candidate) => candidate.includes(text) && output.includes(`${candidate}\n`))
          return line === undefined ? { done: false, state: output } : { done: true, value: line }
        },
        { what: `"${text}"`, timeoutMs: 20_000, intervalMs: 20 },
      )
      signalledAt = performance.now()
      return Number(found.trim().split(' ').at(-1))
    },
    ended: () => exited,
    end: async () => {
      const [id = ''] = await readdir(join(dir, 'reports', 'evidence'))
      return (await readBundle(join(dir, 'reports', 'evidence', id))).records.at(-1)?.body
    },
    leftovers: async () => (await readdir(dir)).filter((name) => name.startsWith('pvcheck-')),
  }
}

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
    const run = await start('hangs')
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
    const run = await start('hangs', { connect: 'hangs', planned: [{ check: 'PV-X-001', title: 'x' }] })
    await run.prints('connecting')
    process.kill(-run.pid, name)
    expect((await run.ended()).code, run.output()).toBe(code)
    expect(run.output()).toContain('PV-X-001  skipped')
    expect(run.output()).not.toContain('waiting in')
    expect(await run.end()).toMatchObject({ kind: 'end', exit })
  })

  test('while Vitest starts ends the run before any spec', async () => {
    const run = await start('hangs')
    await run.prints('on cluster')
    process.kill(-run.pid, name)
    expect((await run.ended()).code, run.output()).toBe(code)
    expect(run.output()).not.toContain('waiting in')
    expect(await run.end()).toMatchObject({ kind: 'end', exit })
    expect(await run.leftovers()).toEqual([])
  })
})

test('a spec that is stuck in synchronous code is ended when patience is', async () => {
  const run = await start('stuck', { graceMs: 700 })
  const worker = await run.prints('stuck in')
  process.kill(-run.pid, 'SIGINT')
  const { code, ms } = await run.ended()
  expect(code, run.output()).toBe(130)
  expect(ms).toBeGreaterThan(600)
  expect(ms).toBeLessThan(2_500)
  expect(await run.end()).toMatchObject({ kind: 'end', exit: 'interrupted' })
  await isGone(worker)
})

test('a second signal ends a stuck spec at once', async () => {
  const run = await start('stuck', { graceMs: 60_000 })
  const worker = await run.prints('stuck in')
  process.kill(run.pid, 'SIGTERM')
  await run.prints('stuck in')
  process.kill(run.pid, 'SIGINT')
  expect((await run.ended()).code, run.output()).toBe(143)
  expect(await run.end()).toMatchObject({ kind: 'end', exit: 'terminated' })
  expect(await run.leftovers()).toEqual([])
  await isGone(worker)
})

test.each(['hangs', 'stuck'])('no worker outlives a main process that was killed (%s)', async (spec) => {
  const run = await start(spec)
  const worker = await run.prints(spec === 'hangs' ? 'waiting in' : 'stuck in')
  expect(await isAlive(worker)).toBe(true)
  process.kill(run.pid, 'SIGKILL')
  await run.ended()
  await isGone(worker)
  expect((await run.end())?.kind).not.toBe('end')
  expect(await run.leftovers()).toEqual([])
})

test('a run that judged nothing exits 5', async () => {
  const run = await start('empty')
  expect((await run.ended()).code, run.output()).toBe(5)
  expect(run.output()).toContain('RUN_NOTHING_EXECUTED')
})

test('a run that cannot connect ends as its cause says, with every planned check accounted for', async () => {
  const run = await start('hangs', { connect: 'fails', planned: [{ check: 'PV-X-001', title: 'x' }] })
  expect((await run.ended()).code, run.output()).toBe(3)
  expect(run.output()).toContain('REACH_FIXTURE_REFUSED')
  expect(run.output()).toContain('PV-X-001  skipped: not judged, because of REACH_FIXTURE_REFUSED')
  expect(await run.end()).toMatchObject({ kind: 'end', exit: 'blocked' })
})
