import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { EngineAddress, HostAddress, TargetAddress } from '../model/address.ts'
import { currentContext, resolveContext } from './context.ts'
import { hostBeside, type Parsed, parseEngineUrl, parseHost } from './engine.ts'
import { addressHttp } from './http.ts'
import type { ConfigProblem } from './problem.ts'
import type { ParsedConfig } from './schema.ts'

type TargetConfig = ParsedConfig['target']
type Env = Readonly<Record<string, string | undefined>>

interface Surroundings {
  readonly baseDir: string
  readonly env: Env
  /** Problems are added here; the address is `undefined` where there is one that leaves none. */
  readonly problems: ConfigProblem[]
}

/** The one way in to the target. A configured engine is never redirected by `DOCKER_*` variables. */
export async function addressTarget(target: TargetConfig, around: Surroundings): Promise<TargetAddress | undefined> {
  const { problems } = around
  const engine = await engineOf(target, around)
  const host = hostOf(target, engine, problems)
  if (engine?.kind === 'tcp') await checkTcp(engine, target, problems)
  const http = target.http && (await addressHttp(target.http, around))
  if (engine === undefined || host === undefined) return undefined
  return {
    engine,
    host,
    timeoutMs: target.timeoutSeconds * 1000,
    ...(target.sshConfig === undefined ? {} : { sshConfigPath: resolve(around.baseDir, target.sshConfig) }),
    ...(target.cluster === undefined ? {} : { cluster: target.cluster }),
    ...(http === undefined ? {} : { http }),
  }
}

async function engineOf(target: TargetConfig, around: Surroundings): Promise<EngineAddress | undefined> {
  const tls = target.tls && mapPaths(target.tls, (path) => resolve(around.baseDir, path))
  if (typeof target.engine === 'string')
    return taken(parseEngineUrl(target.engine, tls), 'target.engine', around.problems)
  if (target.engine !== undefined) return contextOf(target.engine.context, 'target.engine.context', around)
  const { env } = around
  if (env['DOCKER_HOST']) {
    return taken(
      parseEngineUrl(env['DOCKER_HOST'], tls ?? tlsFromEnv(env)),
      'the variable DOCKER_HOST',
      around.problems,
    )
  }
  const context = env['DOCKER_CONTEXT'] || (await currentContext(env))
  if (context) return contextOf(context, "docker's current context", around)
  return { kind: 'unix', socketPath: '/var/run/docker.sock' }
}

async function contextOf(name: string, path: string, around: Surroundings): Promise<EngineAddress | undefined> {
  try {
    return await resolveContext(name, around.env)
  } catch (error) {
    around.problems.push({ path, problem: messageOf(error) })
    return undefined
  }
}

function tlsFromEnv(env: Env): { ca: string; cert: string; key: string } | undefined {
  if (!env['DOCKER_TLS_VERIFY']) return undefined
  const dir = env['DOCKER_CERT_PATH'] || join(env['HOME'] ?? '/root', '.docker')
  return { ca: join(dir, 'ca.pem'), cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
}

function hostOf(
  target: TargetConfig,
  engine: EngineAddress | undefined,
  problems: ConfigProblem[],
): HostAddress | undefined {
  if (target.host !== undefined) return taken(parseHost(target.host), 'target.host', problems)
  return engine && hostBeside(engine)
}

async function checkTcp(
  engine: EngineAddress & { kind: 'tcp' },
  target: TargetConfig,
  problems: ConfigProblem[],
): Promise<void> {
  if (engine.tls === undefined) {
    if (target.insecurePlainTcp) return
    problems.push({
      path: 'target.tls',
      problem:
        'tcp:// wants { ca, cert, key }; plain tcp hands root to everybody on the way and needs `insecurePlainTcp: true`',
    })
    return
  }
  for (const [name, path] of Object.entries(engine.tls)) {
    await access(path, constants.R_OK).catch((error: unknown) => {
      problems.push({ path: `target.tls.${name}`, problem: `not a readable file: ${messageOf(error)}` })
    })
  }
}

function taken<T>(parsed: Parsed<T>, path: string, problems: ConfigProblem[]): T | undefined {
  if ('address' in parsed) return parsed.address
  problems.push({ path, problem: parsed.problem })
  return undefined
}

function mapPaths(
  tls: { ca: string; cert: string; key: string },
  map: (path: string) => string,
): { ca: string; cert: string; key: string } {
  return { ca: map(tls.ca), cert: map(tls.cert), key: map(tls.key) }
}
