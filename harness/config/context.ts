import { createHash } from 'node:crypto'
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { PvcheckError } from '../core/errors.ts'
import type { EngineAddress } from '../model/address.ts'
import { parseEngineUrl } from './engine.ts'

type Env = Readonly<Record<string, string | undefined>>

const metaSchema = z.object({
  Name: z.string(),
  Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().default(false) }) }),
})

/** The docker CLI's own choice; `default` and none at all are `undefined`. */
export async function currentContext(env: Env): Promise<string | undefined> {
  const text = await readIfThere(join(dockerDir(env), 'config.json'))
  if (text === undefined) return undefined
  const { currentContext: name } = z.object({ currentContext: z.string().optional() }).parse(JSON.parse(text))
  return name === undefined || name === '' || name === 'default' ? undefined : name
}

/** The engine a named docker context points at. Throws `CONFIG_CONTEXT`, naming the contexts there are. */
export async function resolveContext(name: string, env: Env): Promise<EngineAddress> {
  if (name === 'default') return { kind: 'unix', socketPath: '/var/run/docker.sock' }
  const contextsDir = join(dockerDir(env), 'contexts')
  const id = createHash('sha256').update(name).digest('hex')
  const text = await readIfThere(join(contextsDir, 'meta', id, 'meta.json'))
  if (text === undefined) {
    const known = await namesIn(join(contextsDir, 'meta'))
    throw contextError(name, `there is no such docker context; known: ${['default', ...known].join(', ')}`)
  }
  const { Host, SkipTLSVerify } = metaSchema.parse(JSON.parse(text)).Endpoints.docker
  if (SkipTLSVerify) throw contextError(name, 'it skips the check of the server certificate, which pvcheck never does')
  const tlsDir = join(contextsDir, 'tls', id, 'docker')
  const tls = (await isThere(join(tlsDir, 'ca.pem')))
    ? { ca: join(tlsDir, 'ca.pem'), cert: join(tlsDir, 'cert.pem'), key: join(tlsDir, 'key.pem') }
    : undefined
  const parsed = parseEngineUrl(Host, tls)
  if ('problem' in parsed) throw contextError(name, parsed.problem)
  return parsed.address
}

async function namesIn(metaDir: string): Promise<string[]> {
  const ids = await readdir(metaDir).catch(() => [])
  const names = await Promise.all(
    ids.map(async (id) => {
      const text = await readIfThere(join(metaDir, id, 'meta.json'))
      return text === undefined ? [] : [metaSchema.parse(JSON.parse(text)).Name]
    }),
  )
  return names.flat().sort()
}

function dockerDir(env: Env): string {
  return env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/root', '.docker')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function contextError(name: string, seen: string): PvcheckError {
  return new PvcheckError({
    code: 'CONFIG_CONTEXT',
    seen: `docker context ${name}: ${seen}`,
    wanted: 'a docker context whose endpoint is a socket, ssh, or tcp with TLS material',
    remedy: 'Look at `docker context ls` and `docker context inspect`, or configure `target.engine` as an address.',
    exit: 'usage',
  })
}
