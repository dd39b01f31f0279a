import type { HttpAddress, Knock } from '../../model/http.ts'
import { startDeadlines } from './deadlines.ts'
import { HttpFailure } from './failure.ts'
import type { HttpClient } from './http.ts'
import { type Opening, open } from './open.ts'
import { msSince } from './stopwatch.ts'

/** Connects and leaves again. Throws the signal's reason only. */
export async function knock(door: Parameters<HttpClient['knock']>[0], ways: HttpAddress): Promise<Knock> {
  const { host, port } = door
  const opening: Opening = { timings: {} }
  const startedAt = new Date().toISOString()
  const started = performance.now()
  const deadlines = startDeadlines(door.signal)
  const known = () => ({
    host,
    port,
    startedAt,
    durationMs: msSince(started),
    ...(opening.peer === undefined ? {} : { peer: opening.peer }),
  })
  try {
    await open({ host, port }, ways, opening, deadlines)
    return known()
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error
    return { ...known(), error: error.error }
  } finally {
    deadlines.end()
  }
}
