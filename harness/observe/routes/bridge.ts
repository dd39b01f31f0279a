import { PvcheckError } from '../../core/errors.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { type Bridge, bridge } from '../../model/facts/routing/bridge.ts'
import { services } from '../../model/facts/services.ts'
import type { LogPiece } from '../../reach/engine/log-stream.ts'
import { RefusalError } from '../asker.ts'
import type { Asker, Question } from '../question.ts'
import { configured } from './after.ts'

const mostLines = 20
const longestLine = 300
const longestHealth = 65_536

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
  const curl = ['curl', '-sS', '-m', '5', '-o', '-', '-w', '\\n%{http_code}', url]
  try {
    return { health: await asker.run(curl, { maxBytes: longestHealth }) }
  } catch (error) {
    if (!(error instanceof PvcheckError && error.code === 'OBSERVE_NO_HOST')) throw error
    return { healthUnasked: error.seen }
  }
}

async function readLog(asker: Asker, name: string): Promise<Bridge['log']> {
  const id = (await asker.read(services)).find(({ Spec }) => Spec.Name === name)?.ID
  if (id === undefined) return { state: 'no service' }
  let pieces: readonly LogPiece[]
  try {
    const path = `/services/${id}/logs?tail=${mostLines}`
    // The reading hand answers a 2xx with nothing else.
    pieces = (await asker.engine(path, (engine) => engine.serviceLogs(id, { tail: mostLines }))) as LogPiece[]
  } catch (error) {
    if (!(error instanceof RefusalError && isUnreadable(error.seen))) throw error
    return { state: 'unreadable', why: error.seen }
  }
  const lines = pieces.flatMap(lineOf).sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const gap = pieces.flatMap(({ stream, text }) => (stream === 'system' ? [shorten(text)] : [])).join('; ')
  if (lines.length === 0 && isUnreadable(gap)) return { state: 'unreadable', why: gap }
  // By the manager's clock, and asked after the lines, so that none looks younger than it is. The times of lines are of
  // the node that runs the bridge, whose clock may be another.
  const info = engineInfo.schema.parse(await asker.engine('/info', (engine) => engine.info()))
  const newest = lines.slice(-mostLines)
  return { state: 'read', now: info.SystemTime, lines: newest, ...(gap === '' ? {} : { gap }) }
}

/** Of a log driver that only writes; engines say so in the answer, or in the log itself. */
function isUnreadable(said: string): boolean {
  return /not support reading|logs.*disabled|"?none"? log(?:ging)? driver/i.test(said)
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
