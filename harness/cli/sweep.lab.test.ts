import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm as removeFiles } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { mintName } from '../../lab/host/mint.ts'
import { labDown, labUp } from '../../lab/lab.ts'
import { pollUntil } from '../core/poll.ts'
import { lockName, nameOf } from '../model/mark.ts'
import { newRunId } from '../record/evidence/run-id.ts'
import { packageInfo } from '../run/package-info.ts'

const { root } = packageInfo()
const name = mintName('pvlab')
const quiet = { progress: () => undefined }
const longAgo = '2026-01-01T00:00:00.000Z'
const soon = () => new Date(Date.now() + 3_600_000).toISOString()
let machine: LabMachine
let home: string

beforeAll(async () => {
  machine = await labUp({ name, ...quiet })
})
afterAll(() => labDown({ which: { name }, ...quiet }))
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pvs-'))
})
afterEach(async () => {
  await removeFiles(home, { recursive: true, force: true })
})

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Once `killAt` is printed it is killed, as nothing can catch. */
function start(
  words: readonly string[],
  killAt?: string,
): { readonly child: ChildProcess; readonly ran: Promise<Ran> } {
  const args = [
    join(root, 'bin', 'pvcheck.js'),
    'sweep',
    ...words,
    '--config',
    join(machine.dir, 'pvcheck.config.json'),
  ]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: home },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    err += String(chunk)
    if (killAt !== undefined && err.includes(killAt)) child.kill('SIGKILL')
  })
  return { child, ran: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) }
}
const sweep = (...words: readonly string[]): Promise<Ran> => start(words).ran

const labelled = (run: string, expires: string, flag = '--label'): string =>
  `${flag} pvcheck.run=${run} ${flag} pvcheck.owner=planted ${flag} pvcheck.expires=${expires}`

/** A stack as a run leaves it: a service that runs, on a network of its own and on the shared one, a config, a secret. */
async function plant(run: string, expires: string, number = 1): Promise<string[]> {
  const own = nameOf(run, number)
  const labels = labelled(run, expires)
  await runOn(
    machine,
    `docker network create --driver overlay --attachable ${labels} ${own} &&
     docker service create --quiet --detach --no-resolve-image --name ${own} --stop-grace-period 2s ${labels} ${labelled(run, expires, '--container-label')} \\
       --network ${own} --network proxy pvcheck-lab/httpd:1 &&
     echo x | docker config create ${labels} ${own} - &&
     echo x | docker secret create ${labels} ${own} -`,
  )
  return ['service', 'network', 'config', 'secret'].map((kind) => `${kind} ${own}`)
}

async function plantLock(run: string, expires: string): Promise<void> {
  await runOn(machine, `echo x | docker config create ${labelled(run, expires)} ${lockName} -`)
}

async function running(run: string): Promise<void> {
  await pollUntil(
    async () => {
      const state = await runOn(machine, `docker service ps --format '{{.CurrentState}}' ${nameOf(run, 1)}`)
      return state.startsWith('Running') ? { done: true, value: undefined } : { done: false, state }
    },
    { what: 'a running task', timeoutMs: 30_000, intervalMs: 200 },
  )
}

/** All that is called like something of pvcheck's, the lock included. */
async function there(): Promise<string[]> {
  const kinds = ['service', 'network', 'config', 'secret'].map(
    (kind) => `docker ${kind} ls --format '${kind} {{.Name}}'`,
  )
  const all = await runOn(machine, kinds.join('; '))
  return all.split('\n').filter((line) => / (pvc|pvcheck)-/.test(line))
}

test('a dead run goes, with its lock; one whose lock is held stays; a second call prints nothing', async () => {
  const dead = newRunId()
  const lines = await plant(dead, longAgo)
  await plantLock(dead, longAgo)
  await running(dead)
  const dry = await sweep('--dry-run')
  expect(dry.code, dry.err).toBe(0)
  expect(dry.out).toContain(`run ${dead} of planted: would be swept\n`)
  expect(await there()).toHaveLength(5)

  const swept = await sweep()
  expect(swept.code, swept.out + swept.err).toBe(0)
  const said = [`run ${dead} of planted: swept`, ...[...lines, `config ${lockName}`].map((line) => `  ${line}`)]
  expect(swept.out.trimEnd().split('\n').toSorted()).toEqual(said.toSorted())
  expect(await there()).toEqual([])

  // Its objects have ended, and its lease has not.
  const live = newRunId()
  await plant(live, longAgo)
  await plantLock(live, soon())
  expect(await sweep()).toEqual({ code: 0, out: '', err: '' })
  const loud = await sweep('-v')
  expect(loud).toMatchObject({ code: 0, out: '', err: expect.stringContaining(`live: run ${live} of planted, until `) })
  expect(await there()).toHaveLength(5)

  // Another run has taken the lock over: its own objects say how long it lives.
  await runOn(machine, `docker config rm ${lockName}`)
  const next = newRunId()
  await plantLock(next, soon())
  const json = await sweep('--json')
  expect(JSON.parse(json.out)).toMatchObject({ swept: [{ run: live }], live: [{ run: next }], left: [], doubtful: [] })
  expect(await there()).toEqual([`config ${lockName}`])
  await runOn(machine, `docker config rm ${lockName}`)
})

test('killed in the middle it goes on; what somebody else has joined stays, and ends with 4', async () => {
  const run = newRunId()
  await plant(run, longAgo)
  await running(run)
  const killed = await start(['-v'], 'waits for task').ran
  expect(killed.code, killed.err).toBe(null)
  const half = await there()
  expect(half).not.toContain(`service ${nameOf(run, 1)}`)
  expect(half).toContain(`network ${nameOf(run, 1)}`)
  await runOn(machine, `docker run --detach --rm --name guest --network ${nameOf(run, 1)} pvcheck-lab/httpd:1`)
  const left = await sweep()
  expect(left.code, left.out + left.err).toBe(4)
  expect(left.out).toMatch(new RegExp(`^left: network ${nameOf(run, 1)}: used by an attached container on .*$`, 'm'))
  expect(await there()).toEqual([`network ${nameOf(run, 1)}`])
  await runOn(machine, 'docker rm --force guest')
  expect((await sweep()).code).toBe(0)
  expect(await there()).toEqual([])
})

test('what only looks like ours stays, is named each time, and ends with 2', async () => {
  const own = nameOf(newRunId(), 1)
  await runOn(machine, `echo x | docker config create ${own} -`)
  for (const _ of [1, 2]) {
    const { code, out, err } = await sweep()
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`left alone: config ${own}: it is called like one of the run `)
  }
  expect(await there()).toEqual([`config ${own}`])
  await runOn(machine, `docker config rm ${own}`)
})
