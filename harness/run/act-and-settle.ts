import type { Acting, ActingPlan } from '../act/life/acting.ts'
import type { SweepReport } from '../act/sweep/report.ts'
import type { SweepDeadOptions } from '../act/sweep/sweep-dead.ts'
import { PvcheckError } from '../core/errors.ts'
import type { Redact } from '../core/redact.ts'
import type { AnyCheck } from '../model/check.ts'
import type { Fact } from '../model/fact.ts'
import { deadRuns } from '../model/facts/sweeps.ts'
import type { Recorder } from '../model/record.ts'
import { createFactReader } from '../observe/reader.ts'
import type { Connection } from '../reach/target.ts'
import { troubleOf } from '../record/evidence/trouble.ts'
import { ActingDenied } from './denial.ts'
import { finishActing } from './finish-acting.ts'
import { createLicence } from './licence.ts'
import type { RunPlan } from './perform.ts'
import { standOn } from './standing-connection.ts'
import { deadRunsLeft } from './trouble.ts'

/** What a run that may act is made of, besides its work. */
export interface ActingParts {
  readonly clearTheWay: (connection: Connection, options: SweepDeadOptions) => Promise<SweepReport>
  readonly open: (connection: Connection, plan: ActingPlan, signal: AbortSignal) => Promise<Acting>
  /** What is asked before anything is created, for `residueChecks` to compare with. */
  readonly before: Fact<unknown>
  readonly residueChecks: readonly AnyCheck[]
  /** What the work tells of what it did, for `residueChecks` to judge: nobody else can be asked for it. */
  readonly told?: readonly Fact<unknown>[]
}

/** One that still knows what the work told. */
export interface TellingRecorder extends Recorder {
  /** The last answer of that name among `told`, as it was saved. */
  told(fact: string): { readonly seq: number; readonly raw: unknown } | undefined
}

/** Does the work of a run, with the licence to act once it asks for it. Resolves when nobody acts any more. */
export type RunWork = (act: () => Promise<Acting['handle']>) => Promise<void>

/**
 * Sweeps the dead, does the work, and afterwards removes whatever that has left, on every path. Throws `LOCK_HELD`
 * where somebody else acts; else what went wrong with the work, or with saving what was seen.
 */
export async function actAndSettle(
  plan: RunPlan,
  parts: ActingParts,
  connection: Connection,
  { recorder, redact, runWork }: { recorder: TellingRecorder; redact: Redact; runWork: RunWork },
): Promise<void> {
  const { config, interrupt, console, runId } = plan
  const { address, credentials, expect, stateDir } = config
  const denied = await sweptBefore(plan, parts, connection, recorder)
  const before = createFactReader(connection.target, recorder, redact, expect, { signal: interrupt.stop, credentials })
  await using standing = standOn(
    connection,
    (signal) => plan.connect(address, { signal, stateDir }),
    (what) => console.progress(what),
  )
  const licence = createLicence({
    connection,
    current: () => standing.current(interrupt.insisted),
    plan: { run: runId, owner: config.name, stateDir, throwaway: expect.throwaway, onProgress: console.progress },
    open: denied === undefined ? parts.open : () => Promise.reject(denied),
    look: () => before.read(parts.before),
    signal: interrupt.stop,
    onTrouble: async (error) => {
      if (error !== denied) await recorder.append(troubleOf(error, 'acting'))
    },
  })
  let hasLiveWorkers = false
  try {
    await runWork(licence.begin).catch((error: unknown) => {
      hasLiveWorkers = error instanceof PvcheckError && error.code === 'RUN_WORKER_LIVES'
      throw error
    })
  } finally {
    using _tidying = interrupt.tidying()
    // A deadline alone does not keep a process alive, and what is waited for may have no socket of its own.
    using _alive = keptAlive()
    const acting = await licence.close()
    if (acting === undefined) await skipResidue(parts, recorder)
    else
      await finishActing(acting, { plan, parts, standing, first: connection, before, recorder, redact, hasLiveWorkers })
  }
}

/** Why nothing may be created, where that is so. */
async function sweptBefore(
  { config, interrupt, console }: RunPlan,
  { clearTheWay }: ActingParts,
  connection: Connection,
  recorder: Recorder,
): Promise<ActingDenied | undefined> {
  const { stateDir } = config
  try {
    const report = await clearTheWay(connection, { stateDir, signal: interrupt.stop, onProgress: console.progress })
    await recorder.append({ kind: 'observation', fact: deadRuns.name, asks: [], raw: report })
    for (const line of sweptLines(report)) console.say(line)
    if (report.left.length > 0) await recorder.append(troubleOf(deadRunsLeft(report.left), 'sweep'))
    return undefined
  } catch (error) {
    interrupt.stop.throwIfAborted()
    if (error instanceof PvcheckError && error.exit === 'locked') throw error
    const trouble = troubleOf(error, 'sweep')
    await recorder.append(trouble)
    const { code, seen, wanted, remedy } = trouble
    return new ActingDenied({ code, seen, wanted, remedy, cause: error })
  }
}

function sweptLines({ swept, live, doubtful }: SweepReport): readonly string[] {
  return [
    ...swept.map(
      ({ run, owner, objects }) => `swept what the dead run ${run} of ${owner} had left: ${objects.join(', ')}`,
    ),
    ...live.map(({ run, owner, until }) => `left alone: the run ${run} of ${owner} may live until ${until}`),
    ...doubtful.map((what) => `left alone, for nobody can tell whose it is: ${what}`),
  ]
}

async function skipResidue({ residueChecks }: ActingParts, recorder: Recorder): Promise<void> {
  const reason = 'this run created nothing: there is nothing of it to look for'
  for (const { id, title } of residueChecks) await recorder.append({ kind: 'skip', check: id, title, reason })
}

function keptAlive(): Disposable {
  const timer = setInterval(() => undefined, 1_000)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
