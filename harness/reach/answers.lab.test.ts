import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lower } from '../../lab/host/down.ts'
import { leaderOf } from '../../lab/host/leader.ts'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { readRecord } from '../../lab/host/record.ts'
import { bareGuest } from '../../lab/host/testing/bare-guest.ts'
import { raise } from '../../lab/host/up.ts'
import { pollUntil } from '../core/poll.ts'
import type { EngineAddress, TargetAddress } from '../model/address.ts'
import { connect } from './connect.ts'
import type { HostRunner } from './host/runner.ts'
import type { Connection } from './target.ts'

const quiet = { progress: () => undefined }
let machine: LabMachine
let files: string

beforeAll(async () => {
  machine = await raise(quiet, { guest: bareGuest })
  files = await mkdtemp(join(tmpdir(), 'pva-'))
}, 60_000)

afterAll(async () => {
  await rm(files, { recursive: true, force: true })
  await lower({ which: { name: machine.name }, ...quiet })
}, 30_000)

const sshEngine: EngineAddress = { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' }

function open(address: Partial<TargetAddress> = {}): Promise<Connection> {
  return connect(
    {
      engine: sshEngine,
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs: 10_000,
      ...address,
    },
    { signal: new AbortController().signal, stateDir: join(files, 'state') },
  )
}

function hostOf({ target }: Connection): HostRunner {
  if ('unavailable' in target.host) throw new Error(target.host.unavailable)
  return target.host
}

describe('over ssh', () => {
  let connection: Connection

  beforeAll(async () => {
    connection = await open()
  })
  afterAll(() => connection[Symbol.asyncDispose]())

  test('the target is who it says it is', async () => {
    const [cluster, node] = (await runOn(machine, "docker info --format '{{.Swarm.Cluster.ID}} {{.Swarm.NodeID}}'"))
      .trim()
      .split(' ')
    expect(connection.target.fingerprint).toMatchObject({ cluster, node })
    expect(connection.target.fingerprint.engine).toMatch(/^20\.10\.\S+ \(API 1\.41\)$/)
    expect(connection.target.label).toBe('ssh://lab/var/run/docker.sock')
  })

  test('every question of the reading hand is answered', async () => {
    const { engine } = connection.target
    const answers = await Promise.all([
      engine.version(),
      engine.info(),
      engine.swarm(),
      engine.nodes(),
      engine.services({ status: true }),
      engine.tasks({ filters: { 'desired-state': ['running'] } }),
      engine.networks({ filters: { driver: ['overlay'] } }),
      engine.network('ingress', { verbose: true }),
      engine.containers({ all: true }),
      engine.configs(),
    ])
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(answers.map(({ what }) => what)).toContain('GET /v1.41/networks/ingress?verbose=true')
    expect(answers[6]?.body).toMatchObject([{ Name: 'ingress', Driver: 'overlay' }])
  })

  test('a network that is not there is an answer, and a name cannot leave its place', async () => {
    const { engine } = connection.target
    expect(await engine.network('no-such')).toMatchObject({ status: 404 })
    for (const name of ['../info', '..', 'a/b']) expect((await engine.network(name)).status).not.toBe(200)
  })

  test('one ssh connection carries everything', async () => {
    await Promise.all(Array.from({ length: 20 }, () => connection.target.engine.info()))
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => hostOf(connection).run(['echo', `${at}`])))
    expect(answers.map(({ stdout }) => stdout)).toEqual(answers.map((_, at) => `${at}\n`))
    expect((await runOn(machine, 'ss -Htn state established sport = :22 | wc -l')).trim()).toBe('1')
  })

  test('a command on the host is answered like a local one', async () => {
    const host = hostOf(connection)
    expect(await host.run(['sh', '-c', 'echo out; echo err >&2; exit 255'])).toMatchObject({
      exitCode: 255,
      stdout: 'out\n',
      stderr: 'err\n',
    })
    expect(await host.run(['no-such-command'])).toMatchObject({ exitCode: 127 })
    expect(await host.run(['cat'], { stdin: `it's "$HOME"\n` })).toMatchObject({ stdout: `it's "$HOME"\n` })
    expect(await host.run(['printf', '%s|', 'a b', "'", '', '$x'])).toMatchObject({ stdout: "a b|'||$x|" })
    expect((await host.run(['head', '-c', '5000000', '/dev/zero'], { maxBytes: 10 })).truncated).toBe(true)
  })

  test('a command finds sbin, speaks English and talks to this very engine', async () => {
    const { stdout } = await hostOf(connection).run(['sh', '-c', 'command -v dockerd; echo $LC_ALL $DOCKER_HOST'])
    expect(stdout).toBe('/usr/sbin/dockerd\nC unix:///var/run/docker.sock\n')
  })

  test('a command that is past its deadline ends on the host, too', async () => {
    const running = hostOf(connection).run(['sleep', '4242'], { timeoutMs: 300 })
    await expect(running).rejects.toMatchObject({ code: 'REACH_COMMAND_TIMEOUT' })
    await pollUntil(
      async () => {
        const left = (await runOn(machine, 'pgrep --full "sleep 424[2]" || true')).trim()
        return left === '' ? { done: true, value: undefined } : { done: false, state: `pid ${left}` }
      },
      { what: 'sleep to end on the host', timeoutMs: 5000, intervalMs: 50 },
    )
  })

  test('connecting and asking for all the lists takes less than a second', async () => {
    const durations: number[] = []
    // The best of three: the machine may have something else to do.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const started = performance.now()
      await using own = await open()
      const { engine } = own.target
      await Promise.all([
        engine.version(),
        engine.info(),
        engine.nodes(),
        engine.services(),
        engine.tasks(),
        engine.networks(),
        engine.network('ingress'),
      ])
      durations.push(performance.now() - started)
    }
    expect(Math.min(...durations)).toBeLessThan(1000)
  })
})

describe('over a socket of this machine', () => {
  test('the engine answers, commands run here, and a restart loses the connection', async () => {
    const socketPath = `/proc/${await leaderOf(await readRecord(machine.dir))}/root/run/docker.sock`
    await using connection = await open({ engine: { kind: 'unix', socketPath }, host: { kind: 'local' } })
    expect(await connection.target.engine.nodes()).toMatchObject({ status: 200 })
    const { stdout } = await hostOf(connection).run(['sh', '-c', 'hostname; echo $DOCKER_HOST'])
    expect(stdout).toBe(`${hostname()}\nunix://${socketPath}\n`)
    const lost = once(connection.signal, 'abort')
    await runOn(machine, 'systemctl restart docker')
    await lost
    expect(connection.signal.reason).toMatchObject({ code: 'REACH_ENGINE_GONE' })
  })

  test('a socket that is not there is named', async () => {
    const engine: EngineAddress = { kind: 'unix', socketPath: join(files, 'none.sock') }
    await expect(open({ engine, host: { kind: 'local' } })).rejects.toMatchObject({ code: 'REACH_NO_DOCKERD' })
  })
})
