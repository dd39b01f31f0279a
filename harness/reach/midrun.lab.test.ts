import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lower } from '../../lab/host/down.ts'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { bareGuest } from '../../lab/host/testing/bare-guest.ts'
import { raise } from '../../lab/host/up.ts'
import { PvcheckError } from '../core/errors.ts'
import { pollUntil } from '../core/poll.ts'
import { attach } from './attach.ts'
import { connect } from './connect.ts'
import type { HostRunner } from './host/runner.ts'
import type { Connection, Target } from './target.ts'

const quiet = { progress: () => undefined }
const originalTmp = process.env['TMPDIR']
let machine: LabMachine
/** Everything a connection leaves on this machine would be in here. */
let runtime: string
let stateDir: string

beforeAll(async () => {
  machine = await raise(quiet, { guest: bareGuest })
  runtime = await mkdtemp(join(tmpdir(), 'pvm-'))
  stateDir = await mkdtemp(join(tmpdir(), 'pvm-state-'))
  process.env['TMPDIR'] = runtime
}, 60_000)

afterEach(async () => {
  expect(await readdir(runtime)).toEqual([])
  expect(await processesOf(runtime)).toEqual([])
})

afterAll(async () => {
  if (originalTmp === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = originalTmp
  await Promise.all([runtime, stateDir].map((dir) => rm(dir, { recursive: true, force: true })))
  await lower({ which: { name: machine.name }, ...quiet })
}, 30_000)

function open(timeoutMs = 15_000): Promise<Connection> {
  return connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs,
    },
    { signal: new AbortController().signal, stateDir },
  )
}

/** The processes of this machine, zombies aside, with `text` in their command line. */
async function processesOf(text: string): Promise<{ pid: number; group: number; file: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
      const stat = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).replace(/^.*\) /, '').split(' ')
      const isIt = argv.some((word) => word.includes(text)) && stat[0] !== 'Z'
      return isIt ? [{ pid: Number(pid), group: Number(stat[2]), file: argv[0] ?? '' }] : []
    }),
  )
  return found.flat()
}

/** The ssh process of a connection. */
async function sshOf(connection: Connection): Promise<{ pid: number; group: number }> {
  const controlPath = connection.handle.engineMaster?.controlPath ?? 'none'
  const ssh = (await processesOf(controlPath)).find(({ file }) => file === 'ssh')
  if (ssh === undefined) throw new Error('there is no ssh process')
  return ssh
}

function hostOf({ host }: Target): HostRunner {
  if ('unavailable' in host) throw new Error(host.unavailable)
  return host
}

/** How a promise fails. */
async function failureOf(promise: Promise<unknown>): Promise<PvcheckError> {
  const error = await promise.then(
    (value) => new Error(`it did not fail: ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  if (error instanceof PvcheckError) return error
  throw new Error('not an error of ours', { cause: error })
}

/** The reason a connection was lost for, waited for. */
async function lossOf(connection: Connection): Promise<PvcheckError> {
  if (!connection.signal.aborted) await once(connection.signal, 'abort')
  return failureOf(Promise.reject(connection.signal.reason))
}

describe('an ssh connection that dies in mid-run', () => {
  test.each([
    [
      'because its process on the host is killed',
      async () => {
        await runOn(machine, 'pkill -KILL --full "^sshd: root"')
      },
    ],
    [
      'because its process here is killed',
      async (connection: Connection) => {
        process.kill((await sshOf(connection)).pid, 'SIGKILL')
      },
    ],
    [
      'because its whole group here is killed',
      async (connection: Connection) => {
        process.kill(-(await sshOf(connection)).group, 'SIGKILL')
      },
    ],
  ])('%s, fails all that is under way and all that comes, here and in the worker', async (_title, kill) => {
    await using connection = await open()
    const worker = attach(JSON.parse(JSON.stringify(connection.handle)))
    const asked = [
      hostOf(connection.target).run(['sleep', '10']),
      hostOf(worker).run(['sleep', '10']),
      untilItFails(connection.target),
      untilItFails(worker),
    ].map(failureOf)
    await kill(connection)
    const lost = await lossOf(connection)
    expect([lost.code, lost.exit]).toEqual(['REACH_SSH_LOST', 'unknown'])
    const later = [
      connection.target.engine.info(),
      worker.engine.info(),
      hostOf(connection.target).run(['true']),
      hostOf(worker).run(['true']),
    ].map(failureOf)
    const codes = (await Promise.all([...asked, ...later])).map(({ code }) => code)
    expect(codes).toEqual(codes.map(() => 'REACH_SSH_LOST'))
  })

  test('because the network drops everything, is noticed', async () => {
    await using connection = await open(30_000)
    await runOn(machine, 'ip link set eth0 down')
    try {
      expect((await lossOf(connection)).code).toBe('REACH_SSH_LOST')
    } finally {
      await runOn(machine, 'ip link set eth0 up')
      await untilUp()
    }
  }, 30_000)
})

/** Asks over and over. */
async function untilItFails({ engine }: Target): Promise<never> {
  for (;;) await engine.nodes()
}

describe('an engine that restarts in mid-run', () => {
  test('loses the connection, though it answers again', async () => {
    await using connection = await open()
    const asking = failureOf(untilItFails(connection.target))
    await runOn(machine, restartDocker)
    const lost = await lossOf(connection)
    expect([lost.code, lost.exit]).toEqual(['REACH_ENGINE_GONE', 'unknown'])
    expect((await asking).code).toBe('REACH_ENGINE_GONE')
    expect((await failureOf(connection.target.engine.info())).code).toBe('REACH_ENGINE_GONE')
  })

  test('is gone for the worker, too, while it is down', async () => {
    await untilUp()
    await using connection = await open()
    const worker = attach(connection.handle)
    await runOn(machine, 'systemctl stop docker.socket docker')
    try {
      expect((await failureOf(worker.engine.info())).code).toBe('REACH_ENGINE_GONE')
      expect((await hostOf(worker).run(['systemctl', 'is-active', 'docker'])).stdout).toBe('inactive\n')
    } finally {
      await runOn(machine, 'systemctl start docker.socket docker')
    }
  })
})

/** More often than systemd would have it. */
const restartDocker = 'systemctl reset-failed docker.socket docker; systemctl restart docker'

async function untilUp(): Promise<void> {
  await pollUntil(
    async () => {
      await using _connection = await open()
      return { done: true, value: undefined }
    },
    { what: 'a connection', timeoutMs: 15_000, intervalMs: 200 },
  )
}

describe('a connection', () => {
  test('leaves nothing when it is closed, and may be closed twice', async () => {
    await untilUp()
    const connection = await open()
    expect(await readdir(runtime)).toHaveLength(1)
    await connection[Symbol.asyncDispose]()
    expect([await readdir(runtime), await processesOf(runtime)]).toEqual([[], []])
    await connection[Symbol.asyncDispose]()
    expect(connection.signal.aborted).toBe(false)
    expect((await runOn(machine, 'pgrep --full "^sshd: root" || echo none')).trim()).toBe('none')
  })

  test('is out of the reach of a Ctrl-C at the terminal', async () => {
    await using connection = await open()
    const own = (await readFile('/proc/self/stat', 'utf8')).replace(/^.*\) /, '').split(' ')
    expect((await sshOf(connection)).group).not.toBe(Number(own[2]))
  })

  test('ends with the process that holds it, however that ends', async () => {
    const jiti = join(import.meta.dirname, '../../node_modules/jiti/lib/jiti-cli.mjs')
    const script = join(import.meta.dirname, 'testing/hold.ts')
    const child = spawn(process.execPath, [jiti, script, machine.sshConfig, stateDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    expect(await readdir(runtime)).toHaveLength(1)
    expect(await processesOf(runtime)).not.toEqual([])
    child.kill('SIGKILL')
    await pollUntil(
      async () => {
        const left = [...(await readdir(runtime)), ...(await processesOf(runtime)).map(({ file }) => file)]
        return left.length === 0 ? { done: true, value: undefined } : { done: false, state: left.join(', ') }
      },
      { what: 'nothing to be left', timeoutMs: 3000, intervalMs: 20 },
    )
  })

  test('that is given up while it comes up leaves nothing', async () => {
    const reason = new Error('given up')
    const controller = new AbortController()
    const opening = connect(
      {
        engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
        host: { kind: 'ssh', destination: 'lab' },
        sshConfigPath: machine.sshConfig,
        timeoutMs: 15_000,
      },
      { signal: controller.signal, stateDir },
    )
    await pollUntil(
      async () =>
        (await processesOf(runtime)).length > 0 ? { done: true, value: undefined } : { done: false, state: 'no ssh' },
      { what: 'ssh to be started', timeoutMs: 3000, intervalMs: 1 },
    )
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
  })
})
