import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PvcheckError } from '../core/errors.ts'
import { type Config, loadConfig } from './load.ts'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pvcheck-config-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true })
})

async function load(config: unknown, env: Record<string, string> = {}): Promise<Config> {
  await writeFile(join(dir, 'pvcheck.config.json'), JSON.stringify(config))
  return loadConfig({ cwd: dir, env: { HOME: dir, ...env } })
}

async function problemOf(loading: Promise<unknown>): Promise<PvcheckError> {
  const error = await loading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof PvcheckError) return error
  throw new Error(`wanted a PvcheckError, got ${String(error)}`)
}

test('no file at all means the local socket and the network proxy', async () => {
  const config = await loadConfig({ cwd: dir, env: { HOME: dir } })
  expect(config.path).toBeUndefined()
  expect(config.address).toEqual({
    engine: { kind: 'unix', socketPath: '/var/run/docker.sock' },
    host: { kind: 'local' },
    timeoutMs: 15_000,
  })
  expect(config.expect.sharedNetwork.name).toBe('proxy')
})

test('an ssh engine brings its host along', async () => {
  const { address } = await load({ target: { engine: 'ssh://root@swarm.example:2222', sshConfig: 'ssh_config' } })
  expect(address.engine).toEqual({
    kind: 'ssh',
    destination: 'root@swarm.example',
    port: 2222,
    socketPath: '/var/run/docker.sock',
  })
  expect(address.host).toEqual({ kind: 'ssh', destination: 'root@swarm.example', port: 2222 })
  expect(address.sshConfigPath).toBe(join(dir, 'ssh_config'))
})

test('DOCKER_HOST counts only where no engine is configured', async () => {
  const env = { DOCKER_HOST: 'unix:///elsewhere.sock' }
  expect((await load({}, env)).address.engine).toEqual({ kind: 'unix', socketPath: '/elsewhere.sock' })
  const configured = await load({ target: { engine: 'unix:///here.sock' } }, env)
  expect(configured.address.engine).toEqual({ kind: 'unix', socketPath: '/here.sock' })
})

test('all problems come at once, with their paths and what would be right', async () => {
  const error = await problemOf(
    load({
      nmae: 'x',
      target: { engine: 'ftp://host', host: 'sideways' },
      expect: {
        sharedNetwork: { subnets: ['10.0.0.0', '300.1.1.1/8'], subnet: '10.0.0.0/8' },
        tasks: { stuckAfterSeconds: -1 },
        addresses: { warnPercent: 95 },
      },
      secretsFromEnv: ['ABSENT'],
    }),
  )
  expect(error.code).toBe('CONFIG_INVALID')
  expect(error.exit).toBe('usage')
  expect(error.seen).toContain('nmae: not a known field; known here: expect, name, reports, secretsFromEnv, target')
  expect(error.seen).toContain(
    'expect.sharedNetwork.subnet: not a known field; known here: attachable, declared, name, subnets',
  )
  expect(error.seen).toMatch(/target\.engine: the scheme ftp:\/\/ is not known; wanted unix:\S+ \S+ or \S+:2376$/m)
  expect(error.seen).toContain('target.host: wanted local, none or ssh://[user@]host[:port]')
  expect(error.seen).toContain('expect.sharedNetwork.subnets[0]: an IPv4 subnet such as 10.10.0.0/16')
  expect(error.seen).toContain('expect.sharedNetwork.subnets[1]: an IPv4 subnet such as 10.10.0.0/16')
  expect(error.seen).toContain('expect.addresses.warnPercent: lies above failPercent')
  expect(error.seen).toContain('secretsFromEnv[0]: the environment has no variable ABSENT')
  expect(error.seen).toMatch(/^9 problems in /)
  expect(error.seen).toContain('expect.tasks.stuckAfterSeconds')
})

test('what a sound target lacks is told beside the problems of other fields', async () => {
  const error = await problemOf(load({ nmae: 'x', target: { engine: 'tcp://swarm.example' } }))
  expect(error.seen).toContain('nmae: not a known field')
  expect(error.seen).toContain('target.tls: tcp:// wants { ca, cert, key }')
  expect(error.cause).toBeUndefined()
})

test('plain tcp works where it is asked for in as many words', async () => {
  const { address } = await load({ target: { engine: 'tcp://swarm.example', insecurePlainTcp: true } })
  expect(address.engine).toEqual({ kind: 'tcp', host: 'swarm.example', port: 2375 })
  expect(address.host.kind).toBe('none')
})

test('a password in an address is refused and not repeated', async () => {
  const error = await problemOf(load({ target: { engine: 'ssh://root:hunter2@swarm.example' } }))
  expect(error.seen).toContain('target.engine: a password in an address is never used')
  expect(error.seen).not.toContain('hunter2')
})

test('YAML and TypeScript say the same as JSON', async () => {
  const yaml = join(dir, 'a.yaml')
  await writeFile(yaml, 'target:\n  engine: unix:///x.sock\n')
  const ts = join(dir, 'a.ts')
  await writeFile(
    ts,
    "import { defineConfig } from 'pvcheck'\nexport default defineConfig({ target: { engine: 'unix:///x.sock' } })\n",
  )
  for (const path of [yaml, ts]) {
    const config = await loadConfig({ cwd: dir, env: { HOME: dir }, path })
    expect(config.address.engine).toEqual({ kind: 'unix', socketPath: '/x.sock' })
  }
})

test('a file that is named but absent, or broken, is a usage error', async () => {
  const absent = await problemOf(loadConfig({ cwd: dir, env: {}, path: 'nowhere.json' }))
  expect([absent.code, absent.exit]).toEqual(['CONFIG_NOT_FOUND', 'usage'])
  await writeFile(join(dir, 'broken.yaml'), 'a: [1')
  const broken = await problemOf(loadConfig({ cwd: dir, env: {}, path: 'broken.yaml' }))
  expect([broken.code, broken.exit]).toEqual(['CONFIG_UNREADABLE', 'usage'])
})
