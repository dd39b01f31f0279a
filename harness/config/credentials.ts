import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { messageOf } from '../core/errors.ts'
import { type Credentials, keyOfCredentials } from '../model/routing.ts'
import type { ConfigProblem } from './problem.ts'

export interface NamedCredentials {
  /** `expect.ci.credentials` */
  readonly path: string
  readonly credentials: Credentials
}

interface Surroundings {
  readonly baseDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly problems: ConfigProblem[]
}

export interface CredentialValues {
  /** By `keyOfCredentials`. */
  readonly values: Readonly<Record<string, string>>
  /** The values, and of a `user:password` the password for itself: servers like to repeat it. */
  readonly secrets: readonly string[]
}

type Read = { readonly value: string } | { readonly problem: string }

/** The values that the configuration only names. What is missing, open to others or of no use is a problem. */
export async function readCredentials(
  all: readonly NamedCredentials[],
  around: Surroundings,
): Promise<CredentialValues> {
  const values: Record<string, string> = {}
  const secrets: string[] = []
  for (const { path, credentials } of all) {
    const { scheme, env, file } = credentials
    const read = env === undefined ? await readFile(resolve(around.baseDir, file ?? '')) : readEnv(env, around.env)
    const problem = 'problem' in read ? read.problem : valueProblem(read.value, scheme)
    if (problem !== undefined || 'problem' in read) {
      around.problems.push({ path: `${path}.${env === undefined ? 'file' : 'env'}`, problem: problem ?? '' })
      continue
    }
    values[keyOfCredentials(credentials)] = read.value
    secrets.push(read.value, ...(scheme === 'Basic' ? partsOfBasic(read.value) : []))
  }
  return { values, secrets: [...new Set(secrets)] }
}

function readEnv(name: string, env: Surroundings['env']): Read {
  const value = env[name]?.trim() ?? ''
  return value === '' ? { problem: `the environment has no variable ${name}` } : { value }
}

const mostBytes = 8192

/** One open file for the look at its mode and the reading: what is at a path can change in between. */
async function readFile(path: string): Promise<Read> {
  try {
    // Without O_NONBLOCK the open of a pipe would wait for its writer.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) return { problem: `${path} is not a file` }
      if ((stat.mode & 0o077) !== 0) {
        const mode = (stat.mode & 0o777).toString(8).padStart(4, '0')
        return { problem: `${path} is open to others than its owner (mode ${mode}); wanted 0600 or 0400` }
      }
      if (stat.size > mostBytes) return { problem: `${path} has ${stat.size} bytes; wanted one line` }
      const value = (await handle.readFile('utf8')).trim()
      return value === '' ? { problem: `${path} is empty` } : { value }
    } finally {
      await handle.close()
    }
  } catch (error) {
    return { problem: `not a readable file: ${messageOf(error)}` }
  }
}

/** Why a value cannot be sent in a header, or not be hidden afterwards; the value itself is never repeated. */
function valueProblem(value: string, scheme: Credentials['scheme']): string | undefined {
  if (/[\r\n]/.test(value)) return 'there is more than one line in it'
  if (value.length < 4) return 'shorter than 4 characters: too short to be hidden wherever it turns up'
  if (scheme !== 'Basic') return /^[!-~]+$/.test(value) ? undefined : 'wanted a token without spaces, in plain ASCII'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value)) return 'there is a control character in it'
  return value.includes(':') ? undefined : 'wanted user:password'
}

/** Of `user:` with nothing behind it, the user is the secret. */
function partsOfBasic(value: string): string[] {
  const at = value.indexOf(':')
  const password = value.slice(at + 1)
  return [password === '' ? value.slice(0, at) : password, Buffer.from(value).toString('base64')]
}
