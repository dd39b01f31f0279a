import type Docker from 'dockerode'
import { PvcheckError } from '../../core/errors.ts'
import { isMasterAlive, lostConnection } from '../ssh/lost.ts'
import { parseBody, readBytes } from './body.ts'
import { createDocker, type DockerRequest } from './dockerode.ts'
import type { AskOptions, EngineAnswer } from './reader.ts'
import { type Method, send } from './transport.ts'
import { engineTimeout, goneBecause } from './trouble.ts'
import type { EngineWay } from './way.ts'

/** A connection that has been proven, as requests use it. */
export interface EngineLink {
  readonly way: EngineWay
  readonly label: string
  readonly apiVersion: string
  readonly timeoutMs: number
  /** Aborts when the connection is lost; only the process that owns it knows. */
  readonly signal?: AbortSignal
  /** The ssh master under the tunnel. */
  readonly master?: { readonly controlPath: string; readonly destination: string }
}

/** What becomes of the bytes of a 2xx answer; JSON, or text, where nothing else is said. */
export type Decode = (bytes: Buffer) => unknown

/** Makes the one request that `call` makes of dockerode. */
export type Ask = (
  call: (docker: Docker) => Promise<unknown>,
  options?: AskOptions,
  decode?: Decode,
) => Promise<EngineAnswer>

/** Asks over the link, and changes nothing. Never asks twice: an answer after a broken one may come from another dockerd. */
export function createAsk(link: EngineLink): Ask {
  return (call, options, decode) =>
    answerTo(call, async ({ method, path }) => {
      if (method !== 'GET') throw new TypeError(`the reading hand was told to ${method}`)
      return exchange(link, { method, path }, options, decode === undefined ? {} : { decode })
    })
}

/** The answer to the one request that `call` makes of dockerode, which `make` makes. */
export async function answerTo(
  call: (docker: Docker) => Promise<unknown>,
  make: (request: DockerRequest) => Promise<EngineAnswer>,
): Promise<EngineAnswer> {
  let made: Promise<EngineAnswer> | undefined
  const docker = await createDocker(async (request) => {
    if (made !== undefined) throw new TypeError('dockerode made a second request')
    made = make(request)
    await made
  })
  await call(docker)
  if (made === undefined) throw new TypeError('dockerode made no request')
  return made
}

const parseBytes: Decode = (bytes) => parseBody(bytes.toString('utf8'))

/** One request and its answer; `path` is without the API version. */
export async function exchange(
  link: EngineLink,
  { method, path, body }: { readonly method: Method; readonly path: string; readonly body?: string },
  options: AskOptions | undefined,
  { decode = parseBytes, maxBytes }: { readonly decode?: Decode; readonly maxBytes?: number } = {},
): Promise<EngineAnswer> {
  const versioned = `/v${link.apiVersion}${path}`
  const what = `${method} ${versioned}`
  const deadline = AbortSignal.timeout(link.timeoutMs)
  const outer = [options?.signal, link.signal].filter((signal) => signal !== undefined)
  for (const signal of outer) signal.throwIfAborted()
  const startedAt = new Date().toISOString()
  const started = performance.now()
  try {
    const response = await send(link.way, method, versioned, AbortSignal.any([deadline, ...outer]), body)
    const bytes = await readBytes(response, what, maxBytes)
    const durationMs = Math.round(performance.now() - started)
    const status = response.statusCode ?? 0
    const answer = status >= 200 && status <= 299 ? decode(bytes) : parseBytes(bytes)
    return { what, startedAt, durationMs, status, body: answer }
  } catch (error) {
    for (const signal of outer) signal.throwIfAborted()
    if (deadline.aborted) throw engineTimeout(what, link.label, link.timeoutMs, 'unknown')
    throw await explainBroken(link, what, error)
  }
}

/** What it means that a request broke off: the ssh connection is lost, or else the engine. */
export async function explainBroken(link: EngineLink, what: string, error: unknown): Promise<unknown> {
  if (error instanceof PvcheckError) return error
  const { master } = link
  if (master !== undefined && !(await isMasterAlive(master.controlPath))) return lostConnection(master.destination, '')
  return goneBecause(link.label, what, error)
}
