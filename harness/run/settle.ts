import { setTimeout as delay } from 'node:timers/promises'
import type { Acting } from '../act/life/acting.ts'
import type { SweepReport } from '../act/sweep/report.ts'
import { messageOf } from '../core/errors.ts'
import type { Interrupt } from './interrupt.ts'
import { isOfTheWay, type StandingConnection } from './standing-connection.ts'
import { leftToJanitor } from './trouble.ts'

/** How long a run waits for what it created to be gone, before its janitor is left to it. */
const settleMs = 180_000
/** How often what fails over a connection that stands is tried; a loss of the connection does not count. */
const attempts = 3
const pauseMs = 1_000

/**
 * Removes all that is left of a run, through lost connections and engines that start again. Throws
 * `RUN_LEFT_TO_JANITOR` when somebody insists on the end, and when it takes too long; else what the last attempt threw.
 */
export async function settleRun(
  acting: Pick<Acting, 'settle'>,
  standing: StandingConnection,
  { insisted }: Pick<Interrupt, 'insisted'>,
): Promise<SweepReport> {
  const deadline = AbortSignal.timeout(settleMs)
  const signal = AbortSignal.any([insisted, deadline])
  let failures = 0
  for (;;) {
    try {
      const connection = await standing.current(signal)
      const report = await acting.settle(connection, signal)
      const isCutShort = report.left.length > 0 && (signal.aborted || connection.signal.aborted)
      if (!isCutShort) return report
      throw signal.aborted ? signal.reason : connection.signal.reason
    } catch (error) {
      if (insisted.aborted) throw leftToJanitor('a second signal came', error)
      if (deadline.aborted) throw leftToJanitor(`${settleMs / 1000} s were over (${messageOf(error)})`, error)
      if (!isOfTheWay(error)) failures += 1
      if (failures === attempts) throw leftToJanitor(`it failed for the ${attempts}rd time: ${messageOf(error)}`, error)
      // Rejects only when the signal aborts, which the next turn tells.
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
