import type { Acting } from '../act/life/acting.ts'
import type { Redact } from '../core/redact.ts'
import type { Fact, FactKeeper, Observed } from '../model/fact.ts'
import { runDeeds } from '../model/facts/run-deeds.ts'
import { settled } from '../model/facts/sweeps.ts'
import type { RecordBody } from '../model/record.ts'
import { decode } from '../observe/decode.ts'
import { createFactReader } from '../observe/reader.ts'
import type { Connection } from '../reach/target.ts'
import { troubleOf } from '../record/evidence/trouble.ts'
import type { ActingParts, TellingRecorder } from './act-and-settle.ts'
import { endsWithin } from './deadline.ts'
import type { RunPlan } from './perform.ts'
import { proveCheck } from './prove-check.ts'
import { settleRun } from './settle.ts'
import type { StandingConnection } from './standing-connection.ts'
import { leftToJanitor, notTold, residueTooLate, runLeft } from './trouble.ts'

interface Finishing {
  readonly plan: RunPlan
  readonly parts: ActingParts
  readonly standing: StandingConnection
  /** The connection that the run began with; it may be lost. */
  readonly first: Connection
  /** Has what there was before. */
  readonly before: FactKeeper
  readonly recorder: TellingRecorder
  readonly redact: Redact
  /** Whoever could still create something must not be swept after. */
  readonly hasLiveWorkers: boolean
}

const residueMs = 60_000
const endMs = 30_000

/**
 * Once nobody acts: removes what is left of the run, judges whether anything is, and gives the licence back. What goes
 * wrong is recorded. Throws, at the very end, that something could not be saved.
 */
export async function finishActing(acting: Acting, finishing: Finishing): Promise<void> {
  const { plan, standing, first, recorder, hasLiveWorkers } = finishing
  const { interrupt } = plan
  const unsaved: unknown[] = []
  const tell = async (error: unknown, during: string): Promise<void> => {
    await recorder.append(troubleOf(error, during)).catch((cause: unknown) => unsaved.push(cause))
  }
  let left: readonly string[] | undefined
  try {
    if (hasLiveWorkers) throw leftToJanitor('a worker that might still create something could not be ended')
    left = await settle(acting, finishing, tell)
  } catch (error) {
    await tell(error, 'settling')
  }
  const isClean = left?.length === 0
  let isTold = false
  try {
    if (left !== undefined) await judgeResidue(acting, finishing, () => (isTold = true))
  } catch (error) {
    if (!interrupt.insisted.aborted) await tell(error, 'residue')
  }
  try {
    // Else STATUS would say that nothing was created.
    if (!isTold) await recorder.append(observed(runDeeds.name, await deedsOf(acting, plan)))
  } catch (error) {
    await tell(error, 'residue')
  }
  try {
    const signal = AbortSignal.any([interrupt.insisted, AbortSignal.timeout(endMs)])
    const connection = isClean ? await standing.current(signal).catch(() => first) : first
    await endsWithin(endMs, 'the lock and the janitor to be let go of', acting.end(connection, isClean))
  } catch (error) {
    await tell(error, 'ending')
  }
  if (unsaved.length > 0) throw unsaved[0]
}

/** What is left all the same, each with the reason. */
async function settle(
  acting: Acting,
  { plan, standing, recorder }: Finishing,
  tell: (error: unknown, during: string) => Promise<void>,
): Promise<readonly string[]> {
  plan.console.progress('removing what is left of the run')
  const report = await settleRun(acting, standing, plan.interrupt)
  await recorder.append(observed(settled.name, report)).catch((error: unknown) => tell(error, 'settling'))
  if (report.left.length > 0) await tell(runLeft(report.left), 'settling')
  return report.left
}

function observed(fact: string, raw: unknown): RecordBody {
  return { kind: 'observation', fact, asks: [], raw }
}

async function deedsOf(acting: Acting, { runId }: RunPlan): Promise<unknown> {
  return { run: runId, deeds: await acting.deeds() }
}

async function judgeResidue(acting: Acting, finishing: Finishing, onTold: () => void): Promise<void> {
  const { plan, parts, standing, before, recorder, redact } = finishing
  const { config, interrupt } = plan
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(residueTooLate(residueMs)), residueMs)
  using _timer = { [Symbol.dispose]: () => clearTimeout(timer) }
  const signal = AbortSignal.any([interrupt.insisted, late.signal])
  plan.console.progress('looking for what is left')
  const connection = await standing.current(signal)
  const { credentials, expect } = config
  const after = createFactReader(connection.target, recorder, redact, expect, { signal, credentials })
  await after.keep(runDeeds, await deedsOf(acting, plan))
  onTold()
  const reader: FactKeeper = {
    read: (fact) => {
      if (parts.told?.some(({ name }) => name === fact.name) === true) return readTold(fact, recorder)
      return (fact.name === parts.before.name ? before : after).read(fact)
    },
    keep: after.keep,
  }
  const session = {
    ...{ reader, recorder, redact, wanted: expect, lost: connection.signal },
    // Less than all of the time: what cannot be read in it is a finding, not a breakdown.
    ...{ patienceMs: (residueMs * 3) / 4, proven: new Map() },
  }
  for (const check of parts.residueChecks) await proveCheck(check, session, signal)
}

/** What the work told. Throws `RUN_NOT_TOLD` where it did not come to that, and `OBSERVE_SHAPE`. */
async function readTold<T>(fact: Fact<T>, { told }: TellingRecorder): Promise<Observed<T>> {
  const saved = told(fact.name)
  if (saved === undefined) throw notTold(fact)
  return { value: decode(fact, saved.raw), seq: saved.seq }
}
