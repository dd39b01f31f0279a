import { PvcheckError } from '../../core/errors.ts'
import { isMasterAlive, lostConnection } from '../ssh/lost.ts'
import { parseBody, readBody } from './body.ts'
import { createGet } from './dockerode.ts'
import type { AskOptions, EngineAnswer } from './reader.ts'
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

export type Query = Readonly<Record<string, string | boolean | undefined>>
export type Ask = (path: string, query: Query, options: AskOptions | undefined) => Promise<EngineAnswer>

/** Asks over the link. Never asks twice: an answer after a broken one may come from another dockerd. */
export function createAsk(link: EngineLink): Ask {
  const get = createGet(link.way, link.apiVersion)
  return async (path, query, options) => {
    const what = `GET /v${link.apiVersion}${path}${queryText(query)}`
    const deadline = AbortSignal.timeout(link.timeoutMs)
    const outer = [options?.signal, link.signal].filter((signal) => signal !== undefined)
    for (const signal of outer) signal.throwIfAborted()
    const startedAt = new Date().toISOString()
    const started = performance.now()
    try {
      const response = await get(path, query, AbortSignal.any([deadline, ...outer]))
      const body = parseBody(await readBody(response, what))
      const durationMs = Math.round(performance.now() - started)
      return { what, startedAt, durationMs, status: response.statusCode ?? 0, body }
    } catch (error) {
      for (const signal of outer) signal.throwIfAborted()
      if (deadline.aborted) throw engineTimeout(what, link.label, link.timeoutMs, 'unknown')
      throw await explain(link, what, error)
    }
  }
}

async function explain(link: EngineLink, what: string, error: unknown): Promise<unknown> {
  if (error instanceof PvcheckError) return error
  const { master } = link
  if (master !== undefined && !(await isMasterAlive(master.controlPath))) return lostConnection(master.destination, '')
  return goneBecause(link.label, what, error)
}

function queryText(query: Query): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  )
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}
