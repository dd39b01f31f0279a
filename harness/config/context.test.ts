import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { currentContext, resolveContext } from './context.ts'

let dockerDir: string

beforeEach(async () => {
  dockerDir = await mkdtemp(join(tmpdir(), 'pvcheck-context-'))
})

afterEach(async () => {
  await rm(dockerDir, { recursive: true })
})

async function context(name: string, docker: object, tls = false): Promise<void> {
  const id = createHash('sha256').update(name).digest('hex')
  const metaDir = join(dockerDir, 'contexts', 'meta', id)
  await mkdir(metaDir, { recursive: true })
  await writeFile(join(metaDir, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }))
  if (!tls) return
  const tlsDir = join(dockerDir, 'contexts', 'tls', id, 'docker')
  await mkdir(tlsDir, { recursive: true })
  for (const file of ['ca.pem', 'cert.pem', 'key.pem']) await writeFile(join(tlsDir, file), '')
}

const env = () => ({ DOCKER_CONFIG: dockerDir })

test('a context over ssh is an ssh address', async () => {
  await context('prod', { Host: 'ssh://deploy@swarm.example', SkipTLSVerify: false })
  expect(await resolveContext('prod', env())).toEqual({
    kind: 'ssh',
    destination: 'deploy@swarm.example',
    socketPath: '/var/run/docker.sock',
  })
})

test('a context over tcp brings its TLS material', async () => {
  await context('tls', { Host: 'tcp://swarm.example:2376' }, true)
  expect(await resolveContext('tls', env())).toMatchObject({
    kind: 'tcp',
    port: 2376,
    tls: { ca: expect.stringMatching(/ca\.pem$/) },
  })
})

test('a context that skips the certificate check is refused', async () => {
  await context('lax', { Host: 'tcp://swarm.example:2376', SkipTLSVerify: true }, true)
  await expect(resolveContext('lax', env())).rejects.toThrow('skips the check of the server certificate')
})

test('an unknown context is told which there are', async () => {
  await context('prod', { Host: 'unix:///a.sock' })
  await expect(resolveContext('prdo', env())).rejects.toThrow('known: default, prod')
})

test('the current context is the docker CLI’s own choice', async () => {
  expect(await currentContext(env())).toBeUndefined()
  await writeFile(join(dockerDir, 'config.json'), JSON.stringify({ currentContext: 'prod' }))
  expect(await currentContext(env())).toBe('prod')
})
