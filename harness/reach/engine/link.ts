import type Docker from 'dockerode'
import { PvcheckError } from '../../core/errors.ts'
import { isMasterAlive, lostConnection } from '../ssh/lost.ts'
import { parseBody, readBytes } from './body.ts'
import { createDocker } from './dockerode.ts'
import type { AskOptions, EngineAnswer } from './reader.ts'
import { send } from './transport.ts'
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

/** Asks over the link. Never asks twice: an answer after a broken one may come from another dockerd. */
export function createAsk(link: EngineLink): Ask {
  return async (call, options, decode = parseBytes) => {
    let answer: EngineAnswer | undefined
    const docker = await createDocker(async (method, path) => {
      if (method !== 'GET') throw new TypeError(`the reading hand was told to ${method}`)
      answer = await get(link, path, options, decode)
      return answer.body
    })
    await call(docker)
    if (answer === undefined) throw new TypeError('dockerode made no request')
    return answer
  }
}

const parseBytes: Decode = (bytes) => parseBody(bytes.toString('utf8'))

async function get(
  link: EngineLink,
  path: string,
  options: AskOptions | undefined,
  decode: Decode,
): Promise<EngineAnswer> {
  const versioned = `/v${link.apiVersion}${path}`
  const what = `GET ${versioned}`
  const deadline = AbortSignal.timeout(link.timeoutMs)
  const outer = [options?.signal, link.signal].filter((signal) => signal !== undefined)
  for (const signal of outer) signal.throwIfAborted()
  const startedAt = new Date().toISOString()
  const started = performance.now()
  try {
    const response = await send(link.way, 'GET', versioned, AbortSignal.any([deadline, ...outer]))
    const bytes = await readBytes(response, what)
    const durationMs = Math.round(performance.now() - started)
    const status = response.statusCode ?? 0
    const body = status >= 200 && status <= 299 ? decode(bytes) : parseBytes(bytes)
    return { what, startedAt, durationMs, status, body }
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
