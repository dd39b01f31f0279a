import { createEngineClock } from '../act/mark/engine-clock.ts'
import { graceSeconds } from '../act/mark/lock.ts'
import { findLock } from '../act/mark/lock-object.ts'
import { foreignLock, heldBy } from '../act/mark/lock-trouble.ts'
import type { SweepReport } from '../act/sweep/report.ts'
import { type SweepDeadOptions, sweepDead } from '../act/sweep/sweep-dead.ts'
import type { Connection } from '../reach/target.ts'

/**
 * Before a run that acts asks anything: throws `LOCK_HELD` or `LOCK_FOREIGN` where somebody else acts, and has touched
 * nothing then. Else it sweeps what dead runs have left; where there is nothing of the kind, it changes nothing.
 */
export async function clearTheWay(connection: Connection, options: SweepDeadOptions): Promise<SweepReport> {
  await refuseWhileHeld(connection, options)
  return await sweepDead(connection, options)
}

async function refuseWhileHeld(connection: Connection, options: SweepDeadOptions): Promise<void> {
  const { engine } = connection.target
  const { signal } = options
  const found = await findLock(engine, { signal })
  if (found === undefined) return
  if (found.reading.kind !== 'mark') throw foreignLock(found)
  const { mark } = found.reading
  // Whether a run is dead is known better by whoever sweeps: it may have been of this very machine.
  const { swept } = await sweepDead(connection, { ...options, isDry: true })
  if (swept.some(({ run }) => run === mark.run)) return
  const { earliestMs } = await createEngineClock(engine).ask({ signal })
  const freeMs = Date.parse(mark.expires) + graceSeconds * 1000
  throw heldBy(found, mark, isoOf(earliestMs), isoOf(freeMs))
}

function isoOf(ms: number): string {
  return new Date(Math.floor(ms)).toISOString()
}
