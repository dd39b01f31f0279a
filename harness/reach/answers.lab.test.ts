import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lower } from '../../lab/host/down.ts'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
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

  test('connecting and the seven lists take less than a second', async () => {
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
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('over tcp', () => {
  const port = 2376
  const engineOver = (tls?: { ca: string; cert: string; key: string }): EngineAddress => ({
    kind: 'tcp',
    host: machine.address,
    port,
    ...(tls === undefined ? {} : { tls }),
  })
  const tlsOf = (name: string) => ({
    ca: join(files, `${name}-ca.pem`),
    cert: join(files, `${name}-cert.pem`),
    key: join(files, `${name}-key.pem`),
  })

  beforeAll(async () => {
    await certify('server', `IP:${machine.address}`, 'ours')
    await certify('ours', 'DNS:client', 'ours')
    await certify('theirs', 'DNS:client', 'theirs')
    await runOn(machine, 'mkdir -p /etc/docker/tls /etc/systemd/system/docker.service.d')
    for (const name of ['ours-ca', 'server-cert', 'server-key']) {
      const pem = execFileSync('cat', [join(files, `${name}.pem`)])
      await runOn(machine, `cat > /etc/docker/tls/${name}.pem`, { stdin: pem })
    }
    const tls = '--tlsverify --tlscacert=/etc/docker/tls/ours-ca.pem --tlscert=/etc/docker/tls/server-cert.pem'
    const start = `/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:${port} ${tls} --tlskey=/etc/docker/tls/server-key.pem`
    await runOn(machine, 'cat > /etc/systemd/system/docker.service.d/tcp.conf', {
      stdin: `[Service]\nExecStart=\nExecStart=${start}\n`,
    })
    await runOn(machine, 'systemctl daemon-reload && systemctl restart docker')
    await pollUntil(
      async () => {
        await runOn(machine, 'docker node ls')
        return { done: true, value: undefined }
      },
      { what: 'the Swarm after the restart', timeoutMs: 20_000 },
    )
  }, 60_000)

  /** A certificate for `name`, signed by the CA called `issuer`, which is made on first use. */
  async function certify(name: string, subjectAltName: string, issuer: string): Promise<void> {
    const [ca, caKey] = [join(files, `${issuer}-ca.pem`), join(files, `${issuer}-ca-key.pem`)]
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    if (!existsSync(ca))
      openssl('req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${issuer}`, '-keyout', caKey, '-out', ca)
    const { key, cert } = tlsOf(name)
    const request = join(files, `${name}.csr`)
    const extension = join(files, `${name}.ext`)
    await writeFile(extension, `subjectAltName=${subjectAltName}\nextendedKeyUsage=clientAuth,serverAuth\n`)
    openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', key, '-out', request)
    const by = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '2', '-extfile', extension]
    openssl('x509', '-req', '-in', request, ...by, '-out', cert)
  }

  test('TLS material opens an engine, and commands run where they are told to', async () => {
    await using connection = await open({ engine: engineOver(tlsOf('ours')), host: { kind: 'none', reason: 'tcp' } })
    expect(await connection.target.engine.nodes()).toMatchObject({ status: 200 })
    expect(connection.target.host).toEqual({ unavailable: 'tcp' })
    await using beside = await open({ engine: engineOver(tlsOf('ours')) })
    expect((await hostOf(beside).run(['hostname'])).stdout).toBe(`${machine.name}\n`)
  })

  test.each([
    [
      'a server that another CA signed',
      () => engineOver({ ...tlsOf('ours'), ca: tlsOf('theirs').ca }),
      'REACH_TLS_FAILED',
    ],
    [
      'a client that another CA signed',
      () => engineOver({ ...tlsOf('theirs'), ca: tlsOf('ours').ca }),
      'REACH_TLS_FAILED',
    ],
    ['plain tcp where TLS is wanted', () => engineOver(), 'REACH_NOT_DOCKER'],
    ['a closed port', () => ({ ...engineOver(tlsOf('ours')), port: 2377 + 1 }), 'REACH_NO_DOCKERD'],
    ['a name that does not resolve', () => ({ ...engineOver(), host: 'no.invalid' }), 'REACH_HOST_UNRESOLVABLE'],
  ] as const)('%s is named', async (_title, engine, code) => {
    await expect(
      open({ engine: engine() as EngineAddress, host: { kind: 'none', reason: 'tcp' } }),
    ).rejects.toMatchObject({
      code,
      exit: 'blocked',
    })
  })

  test('an engine that restarts loses the connection', async () => {
    await using connection = await open({ engine: engineOver(tlsOf('ours')), host: { kind: 'none', reason: 'tcp' } })
    const lost = new Promise((resolve) => {
      connection.signal.addEventListener('abort', () => resolve(connection.signal.reason), { once: true })
    })
    await runOn(machine, 'systemctl reset-failed docker docker.socket; systemctl restart docker')
    expect(await lost).toMatchObject({ code: 'REACH_ENGINE_GONE' })
  })
})
