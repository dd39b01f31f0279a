import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lower } from '../../lab/host/down.ts'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { type SecondEngine, startSecondEngine } from '../../lab/host/second-engine.ts'
import { bareGuest } from '../../lab/host/testing/bare-guest.ts'
import { raise } from '../../lab/host/up.ts'
import { PvcheckError } from '../core/errors.ts'
import { pollUntil } from '../core/poll.ts'
import type { TargetAddress } from '../model/address.ts'
import { connect } from './connect.ts'

/** More often than systemd would have it. */
const restartDocker = 'systemctl reset-failed docker.socket docker; systemctl restart docker'
const quiet = { progress: () => undefined }
const originalTmp = process.env['TMPDIR']
let machine: LabMachine
/** Everything a connection leaves on this machine would be in here. */
let runtime: string
let files: string
let sshConfigPath: string

beforeAll(async () => {
  machine = await raise(quiet, { guest: bareGuest })
  runtime = await mkdtemp(join(tmpdir(), 'pve-'))
  files = await mkdtemp(join(tmpdir(), 'pve-files-'))
  process.env['TMPDIR'] = runtime
  sshConfigPath = await writeSshConfig()
}, 60_000)

afterEach(async () => {
  expect(await readdir(runtime)).toEqual([])
})

afterAll(async () => {
  if (originalTmp === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = originalTmp
  await Promise.all([runtime, files].map((dir) => rm(dir, { recursive: true, force: true })))
  await lower({ which: { name: machine.name }, ...quiet })
}, 30_000)

/** The practice host under names that each have one thing wrong. */
async function writeSshConfig(): Promise<string> {
  const keygen = (file: string, passphrase: string) =>
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', join(files, file)])
  keygen('stranger', '')
  keygen('guarded', 'a passphrase')
  const [type, key] = (await readFile(join(files, 'stranger.pub'), 'utf8')).split(' ')
  await writeFile(join(files, 'known_hosts'), `${machine.address} ${type} ${key}\n`)
  const path = join(files, 'ssh_config')
  await writeFile(
    path,
    [
      'Host nowhere\n  HostName does-not-exist.invalid',
      `Host closed\n  HostName ${machine.address}\n  Port 2`,
      `Host stranger guarded unknown changed\n  HostName ${machine.address}\n  User root\n  IdentitiesOnly yes\n  LogLevel QUIET`,
      `Host stranger\n  IdentityFile ${join(files, 'stranger')}\n  UserKnownHostsFile ${join(machine.dir, 'known_hosts')}`,
      `Host guarded\n  IdentityFile ${join(files, 'guarded')}\n  UserKnownHostsFile ${join(machine.dir, 'known_hosts')}`,
      'Host unknown\n  UserKnownHostsFile /dev/null',
      `Host changed\n  UserKnownHostsFile ${join(files, 'known_hosts')}`,
      await readFile(machine.sshConfig, 'utf8'),
    ].join('\n'),
  )
  return path
}

interface Way {
  readonly to?: string
  readonly socketPath?: string
  readonly cluster?: string
  readonly timeoutMs?: number
  readonly sshConfigPath?: string
  readonly stateDir?: string
}

function open({ to = 'lab', socketPath = '/var/run/docker.sock', timeoutMs = 15_000, ...way }: Way) {
  const address: TargetAddress = {
    engine: { kind: 'ssh', destination: to, socketPath },
    host: { kind: 'ssh', destination: to },
    sshConfigPath: way.sshConfigPath ?? sshConfigPath,
    timeoutMs,
    ...(way.cluster === undefined ? {} : { cluster: way.cluster }),
  }
  return connect(address, { signal: new AbortController().signal, stateDir: way.stateDir ?? join(files, 'state') })
}

/** What keeps a connection from coming up; the error itself is held against what every one of them must have. */
async function failure(way: Way): Promise<PvcheckError> {
  const error = await open(way).then(
    async (connection) => {
      await connection[Symbol.asyncDispose]()
      return undefined
    },
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof PvcheckError)) throw new Error('a connection came up', { cause: error })
  expect(error.remedy).not.toBe('')
  expect(error.wanted).not.toBe('')
  expect(`${error.seen}${error.wanted}${error.remedy}`).not.toMatch(/[\p{Cc}]/u)
  return error
}

/** Runs `during` with the practice host broken by one command line and mended by another. */
async function broken<T>(breaking: string, mending: string, during: () => Promise<T>): Promise<T> {
  await runOn(machine, breaking)
  try {
    return await during()
  } finally {
    await runOn(machine, mending)
  }
}

async function untilConnected(): Promise<void> {
  await pollUntil(
    async () => {
      await using _connection = await open({ stateDir: await mkdtemp(join(files, 'fresh-')) })
      return { done: true, value: undefined }
    },
    { what: 'a connection', timeoutMs: 30_000, intervalMs: 200 },
  )
}

describe('the ssh connection', () => {
  test.each([
    ['a host name that does not resolve', 'nowhere', 'REACH_HOST_UNRESOLVABLE', 'does-not-exist.invalid'],
    ['a closed port', 'closed', 'REACH_SSH_REFUSED', 'port 2'],
    ['a key that the host does not accept', 'stranger', 'REACH_SSH_KEY_REJECTED', 'Permission denied (publickey)'],
    ['a key whose passphrase nobody can be asked for', 'guarded', 'REACH_SSH_KEY_REJECTED', 'Permission denied'],
    ['an unknown host key', 'unknown', 'REACH_SSH_HOST_KEY_UNKNOWN', 'Host key verification failed'],
    ['a changed host key', 'changed', 'REACH_SSH_HOST_KEY_CHANGED', 'has changed'],
  ])('%s is named', async (_title, to, code, seen) => {
    const error = await failure({ to })
    expect([error.code, error.exit]).toEqual([code, 'blocked'])
    expect(error.seen).toContain(seen)
  })

  test('an sshd that says nothing is named at the deadline', async () => {
    const sshd = 'systemctl kill --kill-who=main --signal'
    const error = await broken(`${sshd}=STOP ssh`, `${sshd}=CONT ssh`, () => failure({ timeoutMs: 1200 }))
    expect([error.code, error.exit]).toEqual(['REACH_SSH_TIMEOUT', 'blocked'])
  })

  test('an ssh configuration that ssh cannot read is named', async () => {
    const path = join(files, 'bad_config')
    await writeFile(path, 'Host lab\n  NoSuchOption yes\n')
    const error = await failure({ sshConfigPath: path })
    expect([error.code, error.exit]).toEqual(['REACH_SSH_CONFIG', 'usage'])
    expect(error.seen).toContain('nosuchoption')
  })

  test('an sshd that forbids the tunnel is named', async () => {
    const file = '/etc/ssh/sshd_config.d/00-no-tunnel.conf'
    // A restart is over when sshd listens; after a reload it is not there for a moment.
    const error = await broken(
      `mkdir -p /etc/ssh/sshd_config.d && sed -i '1i Include ${file}' /etc/ssh/sshd_config && echo 'AllowStreamLocalForwarding no' > ${file} && systemctl restart ssh`,
      `rm ${file} && sed -i 1d /etc/ssh/sshd_config && systemctl restart ssh`,
      () => failure({}),
    )
    expect([error.code, error.exit]).toEqual(['REACH_ENGINE_UNREACHABLE', 'blocked'])
    expect(error.seen).toContain('sshd forbids the tunnel')
  })
})

describe('the engine', () => {
  test('a socket that the user may not use is named with the user', async () => {
    const error = await failure({ to: 'lab-operator' })
    expect([error.code, error.exit]).toEqual(['REACH_SOCKET_DENIED', 'blocked'])
    expect(error.seen).toContain('operator')
  })

  test('a socket that is not there is named', async () => {
    const error = await failure({ socketPath: '/run/no-such.sock' })
    expect([error.code, error.exit]).toEqual(['REACH_NO_DOCKERD', 'blocked'])
    expect(error.seen).toContain('no such socket')
  })

  test('a dockerd that does not run is named', async () => {
    const error = await broken('systemctl stop docker.socket docker', 'systemctl start docker.socket docker', () =>
      failure({}),
    )
    expect([error.code, error.exit]).toEqual(['REACH_NO_DOCKERD', 'blocked'])
    expect(error.seen).toContain('nobody listens')
    await untilConnected()
  })

  test('a socket of something else is named', async () => {
    const error = await failure({ socketPath: '/run/dbus/system_bus_socket' })
    expect([error.code, error.exit]).toEqual(['REACH_NOT_DOCKER', 'blocked'])
  })
})

describe('the Swarm', () => {
  test('another cluster than the configured one is named', async () => {
    const error = await failure({ cluster: 'x'.repeat(25) })
    expect([error.code, error.exit]).toEqual(['REACH_OTHER_SWARM', 'blocked'])
    expect(error.wanted).toContain('x'.repeat(25))
  })

  test('an engine in no Swarm is named, and a new Swarm is not taken for the one seen before', async () => {
    const stateDir = join(files, 'first-seen')
    await (await open({ stateDir }))[Symbol.asyncDispose]()
    await runOn(machine, 'docker swarm leave --force')
    const none = await failure({ stateDir })
    expect([none.code, none.exit]).toEqual(['REACH_NOT_IN_SWARM', 'blocked'])

    await runOn(machine, `docker swarm init --advertise-addr ${machine.address}`)
    const other = await failure({ stateDir })
    expect([other.code, other.exit]).toEqual(['REACH_OTHER_SWARM', 'blocked'])
    expect(other.remedy).toContain(join(stateDir, 'known-swarms.json'))
    await rm(join(stateDir, 'known-swarms.json'))
    await (await open({ stateDir }))[Symbol.asyncDispose]()
  })

  test('a locked manager is named', async () => {
    const key = (
      await runOn(machine, 'docker swarm update --autolock=true >/dev/null && docker swarm unlock-key -q')
    ).trim()
    const error = await broken(
      restartDocker,
      `printf '${key}\\n' | docker swarm unlock && docker swarm update --autolock=false`,
      () => failure({}),
    )
    expect([error.code, error.exit]).toEqual(['REACH_SWARM_LOCKED', 'blocked'])
    expect(error.remedy).toContain('docker swarm unlock')
    await untilConnected()
  }, 30_000)

  describe('of two engines', () => {
    let second: SecondEngine

    test('a worker is named, with the manager it knows', async () => {
      second = await startSecondEngine(machine)
      await second.join('worker')
      const error = await failure({ socketPath: second.socketPath })
      expect([error.code, error.exit]).toEqual(['REACH_NOT_MANAGER', 'blocked'])
      expect(error.remedy).toContain(`${machine.address}:2377`)
    }, 30_000)

    test('a leader without a majority, and managers without a leader, are named', async () => {
      second = await startSecondEngine(machine)
      await second.join('manager')
      await second.kill()
      const alone = await pollUntil(
        async () => {
          const error = await failure({ stateDir: join(files, 'pair') })
          return { done: true, value: error }
        },
        { what: 'the leader to miss the other manager', timeoutMs: 30_000, intervalMs: 200 },
      )
      expect([alone.code, alone.exit]).toEqual(['REACH_NO_LEADER', 'blocked'])
      expect(alone.seen).toContain('1 of 2 managers are reachable')

      // dockerd waits 20 s for a leader before it answers anybody.
      await runOn(machine, restartDocker)
      const leaderless = await failure({ stateDir: join(files, 'pair') })
      expect([leaderless.code, leaderless.exit]).toEqual(['REACH_NO_LEADER', 'blocked'])
      expect(leaderless.seen).toContain('The swarm does not have a leader')
    }, 60_000)
  })
})
