import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { PvcheckError } from '../core/errors.ts'
import { createRedactor } from '../core/redact.ts'
import { redactTexts } from '../core/redact-texts.ts'
import type { TargetAddress } from '../model/address.ts'
import { type Expectations, expectationsSchema } from '../model/expectations.ts'
import { addressTarget } from './address.ts'
import { readCredentials } from './credentials.ts'
import { type ConfigProblem, configError, pathOf, problemsOf } from './problem.ts'
import { configNames, readConfigFile } from './read.ts'
import { lookAtRouting } from './routing.ts'
import { configSchema, type ParsedConfig } from './schema.ts'

/** A configuration that holds together: addresses are resolved, paths are absolute. */
export interface Config extends ParsedConfig {
  /** The file, or `undefined` where there is none and defaults hold. */
  readonly path: string | undefined
  readonly address: TargetAddress
  readonly reportsDir: string
  /** Where pvcheck keeps what it must remember between runs. */
  readonly stateDir: string
  /** Values that must never be shown. */
  readonly secrets: readonly string[]
  /** The values of the credentials that `expect` names, by `keyOfCredentials`; they are secrets, too. */
  readonly credentials: Readonly<Record<string, string>>
}

export interface LoadOptions {
  readonly cwd: string
  /** The only place where the environment is read. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** A file named by the user; else the first of `configNames` in `cwd`. */
  readonly path?: string
}

/** Reads, checks and resolves the configuration. Throws `CONFIG_*` with all problems at once. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const path = await locateConfig(options)
  const raw = path === undefined ? {} : await readConfigFile(path)
  const file = path ?? 'the defaults (there is no pvcheck.config file)'
  const parsed = configSchema.safeParse(raw ?? {})
  const problems = parsed.success ? [] : problemsOf(parsed.error, configSchema)
  const baseDir = path === undefined ? options.cwd : dirname(path)
  // What stands in order by itself is looked at even where its neighbours do not: all problems come at once.
  const given = z.looseObject({}).catch({}).parse(raw)
  const target = configSchema.shape.target.safeParse(given['target']).data
  const address = target && (await addressTarget(target, { baseDir, env: options.env, problems }))
  const secrets = (configSchema.shape.secretsFromEnv.safeParse(given['secretsFromEnv']).data ?? []).flatMap(
    (name, index) => {
      const value = options.env[name]
      if (value === undefined || value === '') {
        problems.push({ path: `secretsFromEnv[${index}]`, problem: `the environment has no variable ${name}` })
        return []
      }
      return [value]
    },
  )
  const routing = lookAtRouting(given['expect'], { viaProxy: address?.http?.proxy !== undefined })
  problems.push(...routing.problems)
  const credentials = await readCredentials(routing.credentials, { baseDir, env: options.env, problems })
  const allSecrets = [...secrets, ...credentials.secrets]
  if (parsed.success) problems.push(...unrecordable(parsed.data.expect, allSecrets))
  if (!parsed.success || address === undefined || problems.length > 0) throw configError(file, problems)
  return {
    ...parsed.data,
    path,
    address,
    reportsDir: resolve(baseDir, parsed.data.reports.dir),
    stateDir: stateDirOf(options.env),
    secrets: allSecrets,
    credentials: credentials.values,
  }
}

/** Whether a target is configured in so many words: a file, here or named. */
export async function locateConfig({ path, cwd }: Pick<LoadOptions, 'path' | 'cwd'>): Promise<string | undefined> {
  if (path !== undefined) {
    const named = resolve(cwd, path)
    if (await isReadable(named)) return named
    throw new PvcheckError({
      code: 'CONFIG_NOT_FOUND',
      seen: `there is no readable file ${named}`,
      wanted: 'the configuration named on the command line',
      remedy: `Check the path, or leave \`--config\` out to use ${configNames[0]} or its like in the current folder.`,
      exit: 'usage',
    })
  }
  for (const name of configNames) {
    const candidate = join(cwd, name)
    if (await isReadable(candidate)) return candidate
  }
  return undefined
}

/** Evidence says what it was judged against: without what has to be hidden that must still be an expectation. */
function unrecordable(expect: Expectations, secrets: readonly string[]): ConfigProblem[] {
  const { error } = expectationsSchema.safeParse(redactTexts(expect, createRedactor(secrets)))
  return (error?.issues ?? []).map(({ path }) => ({
    path: pathOf(['expect', ...path]),
    problem: 'there is a secret in it, or what looks like one, and without it no evidence could be judged; reword it',
  }))
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}

function stateDirOf(env: LoadOptions['env']): string {
  const base = env['XDG_STATE_HOME']
  return join(base === undefined || base === '' ? join(env['HOME'] ?? '/root', '.local', 'state') : base, 'pvcheck')
}
