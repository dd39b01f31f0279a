import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import { oneLine } from '../excerpt.ts'
import { parseBody, readBody } from './body.ts'
import { type EngineLink, explainBroken } from './link.ts'
import { send } from './transport.ts'
import { engineTimeout } from './trouble.ts'

/** Of containers, and of networks as they come up on a node, an engine knows its own node's only. */
export const eventTypes = ['service', 'node', 'network', 'config', 'secret', 'container', 'daemon'] as const
export type EventType = (typeof eventTypes)[number]

const eventSchema = z
  .object({
    Type: z.enum(eventTypes),
    Action: z.string(),
    Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish() }),
    timeNano: z.string().regex(/^\d+$/),
  })
  .transform(({ Type, Action, Actor, timeNano }) => ({
    type: Type,
    action: Action,
    id: Actor.ID,
    attributes: Actor.Attributes ?? {},
    timeNano: BigInt(timeNano),
  }))

/** Something that happened, by the engine's clock; the `id` is that of what it happened to. */
export type EngineEvent = Readonly<z.infer<typeof eventSchema>>

/** Can be read once. Leaving the loop ends it, and so does the signal, with its reason. */
export type EngineEvents = AsyncIterable<EngineEvent>

export interface EventOptions {
  /** All of `eventTypes` by default. */
  readonly types?: readonly EventType[]
  /** Nanoseconds since 1970, by the engine's clock. */
  readonly sinceNs?: bigint
  /** Needed: whoever opens a stream and does not read it would else hold it for ever. */
  readonly signal: AbortSignal
}

const maxLine = 1024 * 1024

/**
 * Opens a stream of events. Reading it throws `REACH_ENGINE_GONE` or `REACH_SSH_LOST` when it ends by itself,
 * `REACH_EVENT_TOO_LARGE` and `REACH_EVENT_UNREADABLE` where a line is no event.
 */
export async function openEvents(
  link: EngineLink,
  { types = eventTypes, sinceNs, signal }: EventOptions,
): Promise<EngineEvents> {
  const since = sinceNs === undefined ? '' : `since=${secondsOf(sinceNs)}&`
  const path = `/v${link.apiVersion}/events?${since}filters=${encodeURIComponent(JSON.stringify({ type: types }))}`
  const what = `GET ${path}`
  const outer = link.signal === undefined ? [signal] : [signal, link.signal]
  for (const given of outer) given.throwIfAborted()
  const opening = new AbortController()
  const timer = setTimeout(() => opening.abort(), link.timeoutMs)
  try {
    const response = await send(link.way, 'GET', path, AbortSignal.any([opening.signal, ...outer]))
    if (response.statusCode !== 200) throw refused(what, response.statusCode, await readBody(response, what, maxLine))
    response.socket.setKeepAlive(true, 5000)
    // Whoever reads hears of it; until then nobody does.
    response.on('error', () => undefined)
    return readEvents(link, what, response, outer)
  } catch (error) {
    for (const given of outer) given.throwIfAborted()
    if (opening.signal.aborted) throw engineTimeout(what, link.label, link.timeoutMs, 'unknown')
    throw await explainBroken(link, what, error)
  } finally {
    clearTimeout(timer)
  }
}

async function* readEvents(
  link: EngineLink,
  what: string,
  response: IncomingMessage,
  outer: readonly AbortSignal[],
): AsyncGenerator<EngineEvent, never> {
  try {
    for await (const line of linesOf(response, what)) yield eventOf(line, what)
  } catch (error) {
    for (const given of outer) given.throwIfAborted()
    throw await explainBroken(link, what, error)
  } finally {
    response.destroy()
  }
  for (const given of outer) given.throwIfAborted()
  throw await explainBroken(link, what, new Error('the end of its events'))
}

/** Whole lines only; what comes after the last of them is none. */
async function* linesOf(response: IncomingMessage, what: string): AsyncGenerator<string> {
  let rest = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    const [first = '', ...more] = String(chunk).split('\n')
    rest += first
    for (const next of more) {
      if (rest.length > maxLine) break
      if (rest.trim() !== '') yield rest
      rest = next
    }
    if (rest.length > maxLine) throw tooLarge(what)
  }
}

function eventOf(line: string, what: string): EngineEvent {
  const parsed = eventSchema.safeParse(parseBody(quoteLong(line)))
  if (parsed.success) return parsed.data
  throw new PvcheckError({
    code: 'REACH_EVENT_UNREADABLE',
    seen: `${what} answered with a line that is no event of the asked types: ${oneLine(line)}`,
    wanted: 'events as the Engine API describes them',
    remedy:
      'If a proxy stands before the engine, let it pass `/events` unchanged; else report this with the engine version.',
    exit: 'unknown',
  })
}

/** Numbers that are longer than a JavaScript number is exact, such as nanoseconds, as texts. */
function quoteLong(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|\b\d{16,}\b/g, (token) => (token.startsWith('"') ? token : `"${token}"`))
}

function refused(what: string, status: number | undefined, body: string): PvcheckError {
  return new PvcheckError({
    code: 'REACH_EVENTS_REFUSED',
    seen: `${what} was answered with ${status}: ${oneLine(body)}`,
    wanted: "the engine's events",
    remedy: 'If a proxy stands before the engine, let it pass `/events`.',
    exit: 'unknown',
  })
}

function tooLarge(what: string): PvcheckError {
  return new PvcheckError({
    code: 'REACH_EVENT_TOO_LARGE',
    seen: `a line of ${what} is longer than ${maxLine} characters`,
    wanted: 'events, which are a few hundred characters long',
    remedy: 'Look for an object with very large labels; else see what answers in place of the engine.',
    exit: 'unknown',
  })
}

/** As the engine takes a time: `1700000000.000000001`. */
function secondsOf(ns: bigint): string {
  const text = String(ns).padStart(10, '0')
  return `${text.slice(0, -9)}.${text.slice(-9)}`
}

/** A time as the engine writes it (`SystemTime` of its info) in nanoseconds since 1970. */
export function nanosOf(time: string): bigint {
  const parts = /^(?<seconds>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d\d:\d\d)$/.exec(
    time,
  )
  const { seconds, fraction = '', zone } = parts?.groups ?? {}
  const ms = Date.parse(`${seconds}${zone}`)
  if (Number.isNaN(ms)) throw new TypeError(`${JSON.stringify(time)} is no time of an engine`)
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
