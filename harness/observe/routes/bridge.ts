import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { type Bridge, bridge } from '../../model/facts/routing/bridge.ts'
import { services } from '../../model/facts/services.ts'
import type { LogPiece } from '../../reach/engine/log-stream.ts'
import { RefusalError } from '../asker.ts'
import type { Asker, Question } from '../question.ts'
import { configured } from './configured.ts'

const mostLines = 20
const longestLine = 300
const longestHealth = 65_536
/** The log drivers whose logs every engine can read. */
const keepers: ReadonlySet<string> = new Set(['json-file', 'local', 'journald'])

const logPieces = z.array(z.object({ stream: z.enum(['stdout', 'stderr', 'system']), text: z.string() }))

export const bridgeQuestion: Question = {
  fact: bridge,
  ask: async (asker) => {
    const { service, health } = configured(asker.wanted.bridge, 'bridge')
    const asked = health === undefined ? {} : await askHealth(asker, health)
    return { ...asked, log: await readLog(asker, service) } satisfies Bridge
  },
}

/** Asked on the manager: what the bridge exposes locally is to be had nowhere else. */
async function askHealth(asker: Asker, url: string): Promise<Omit<Bridge, 'log'>> {
  // No settings of the manager's user, and no proxy of its environment: neither knows what is exposed locally.
  const curl = ['curl', '-q', '--noproxy', '*', '-sS', '-m', '5', '-o', '-', '-w', '\\n%{http_code}', url]
  try {
    return { health: await asker.run(curl, { maxBytes: longestHealth }) }
  } catch (error) {
    if (!(error instanceof PvcheckError && error.code === 'OBSERVE_NO_HOST')) throw error
    return { healthUnasked: error.seen }
  }
}

async function readLog(asker: Asker, name: string): Promise<Bridge['log']> {
  const service = (await asker.read(services)).find(({ Spec }) => Spec.Name === name)
  if (service === undefined) return { state: 'no service' }
  const pieces = await askForPieces(asker, service.ID)
  if ('why' in pieces) return { state: 'unreadable', ...pieces }
  // By the manager's clock, and asked after the lines, so that none looks younger than it is. The times of lines are of
  // the node that runs the bridge, whose clock may be another.
  const info = engineInfo.schema.parse(await asker.engine('/info', (engine) => engine.info()))
  const log = linesOf(pieces)
  const driver = service.Spec.TaskTemplate.LogDriver?.Name || info.LoggingDriver || 'json-file'
  // Engine 20.10 says nothing of a driver that it cannot read from: the log is empty.
  if (log.lines.length > 0 || keepers.has(driver)) return { state: 'read', now: info.SystemTime, ...log }
  return { state: 'unreadable', why: log.gap ?? `the log driver ${driver} gives nothing back` }
}

/** What was logged, or what the engine says of a log driver that it cannot read from. */
async function askForPieces(asker: Asker, id: string): Promise<readonly LogPiece[] | { readonly why: string }> {
  try {
    const path = `/services/${id}/logs?tail=${mostLines}`
    return logPieces.parse(await asker.engine(path, (engine) => engine.serviceLogs(id, { tail: mostLines })))
  } catch (error) {
    if (error instanceof RefusalError && error.seen.includes('not support reading')) return { why: error.seen }
    throw error
  }
}

/** The newest lines of all tasks, and what the engine itself says of them. */
function linesOf(pieces: readonly LogPiece[]) {
  const lines = pieces.flatMap(lineOf).sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const gap = pieces.flatMap(({ stream, text }) => (stream === 'system' ? [shorten(text)] : [])).join('; ')
  return { lines: lines.slice(-mostLines), ...(gap === '' ? {} : { gap }) }
}

/** `2026-11-20T12:00:00.000000000Z bridge: poll ok`. */
function lineOf({ stream, text }: LogPiece): { readonly at: string; readonly text: string }[] {
  const [, at, said] = /^(\S+) ?([\s\S]*)$/.exec(text) ?? []
  if (stream === 'system' || at === undefined || said === undefined || Number.isNaN(Date.parse(at))) return []
  return [{ at, text: shorten(said) }]
}

/** Cut between words only: half a secret is not known for one when the answer is saved. */
function shorten(text: string): string {
  if (text.length <= longestLine) return text
  return `${text.slice(0, longestLine - 1).replace(/\S*$/, '')}…`
}
