import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lower } from '../../lab/host/down.ts'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { bareGuest } from '../../lab/host/testing/bare-guest.ts'
import { raise } from '../../lab/host/up.ts'
import { pollUntil } from '../core/poll.ts'
import type { EngineAddress, HostAddress } from '../model/address.ts'
import { connect } from './connect.ts'
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

function open(engine: EngineAddress, host: HostAddress = { kind: 'none', reason: 'tcp' }): Promise<Connection> {
  return connect(
    { engine, host, sshConfigPath: machine.sshConfig, timeoutMs: 10_000 },
    { signal: new AbortController().signal, stateDir: join(files, 'state') },
  )
}

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
    const pem = await readFile(join(files, `${name}.pem`))
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
  await using connection = await open(engineOver(tlsOf('ours')))
  expect(await connection.target.engine.nodes()).toMatchObject({ status: 200 })
  expect(connection.target.host).toEqual({ unavailable: 'tcp' })
  await using beside = await open(engineOver(tlsOf('ours')), { kind: 'ssh', destination: 'lab' })
  if ('unavailable' in beside.target.host) throw new Error('no host')
  expect((await beside.target.host.run(['hostname'])).stdout).toBe(`${machine.name}\n`)
})

test.each<[string, () => EngineAddress, string]>([
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
])('%s is named', async (_title, engine, code) => {
  await expect(open(engine())).rejects.toMatchObject({
    code,
    exit: 'blocked',
  })
})

test('an engine that restarts loses the connection', async () => {
  await using connection = await open(engineOver(tlsOf('ours')))
  const lost = new Promise((resolve) => {
    connection.signal.addEventListener('abort', () => resolve(connection.signal.reason), { once: true })
  })
  await runOn(machine, 'systemctl reset-failed docker docker.socket; systemctl restart docker')
  expect(await lost).toMatchObject({ code: 'REACH_ENGINE_GONE' })
})
