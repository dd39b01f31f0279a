import type { ActingHandle } from '../act/life/acting.ts'
import type { Config } from '../config/load.ts'
import type { ExitName } from '../core/exit.ts'
import { createRedactor, type Redact } from '../core/redact.ts'
import { exitOf } from '../judge/gate/exit.ts'
import { labelOf, type TargetAddress } from '../model/address.ts'
import { bodySchema, type RecordBody, type Recorder } from '../model/record.ts'
import type { Connection } from '../reach/target.ts'
import { createBundle } from '../record/evidence/bundle.ts'
import { redactBody } from '../record/evidence/redact-body.ts'
import { troubleOf } from '../record/evidence/trouble.ts'
import { createUnkept } from '../record/evidence/unkept.ts'
import { type ActingParts, actAndSettle, type TellingRecorder } from './act-and-settle.ts'
import type { RunConsole } from './console.ts'
import { type Coverage, createCoverage, type Planned } from './coverage.ts'
import { endsWithin } from './deadline.ts'
import { hideFromChildren } from './hide-from-children.ts'
import { type Interrupt, unlessForced } from './interrupt.ts'

/** A run as it was asked for. */
export interface RunPlan {
  /** Of `newRunId`; names the bundle. */
  readonly runId: string
  /** As a person would type it. */
  readonly command: string
  readonly version: string
  readonly config: Pick<Config, 'name' | 'address' | 'expect' | 'reportsDir' | 'stateDir' | 'secrets' | 'credentials'>
  readonly connect: (address: TargetAddress, options: { signal: AbortSignal; stateDir: string }) => Promise<Connection>
  readonly work: Work
  readonly planned: readonly Planned[]
  /** Not planned, by choice, and why. */
  readonly leftOut: { readonly checks: readonly Planned[]; readonly reason: string }
  /** Where the work may act on the target. */
  readonly acting?: ActingParts | undefined
  /** Whether nothing is written to disk: for who only looks, and did not say where evidence goes. */
  readonly isUnkept?: boolean
  readonly interrupt: Interrupt
  readonly console: RunConsole
}

/** What a run does over its connection. */
export interface Work {
  /** What is going on while it is done: `specs`. */
  readonly during: string
  /** What it throws is recorded as trouble. */
  readonly does: (plan: RunPlan, doing: Doing) => Promise<void>
}

export interface Doing {
  readonly connection: Connection
  readonly recorder: Recorder
  readonly redact: Redact
  /** There where the work may act. Throws what keeps it from acting. */
  readonly act?: () => Promise<ActingHandle>
}

/**
 * Connects, does the work and writes down what was seen, to the `end` record, whatever happens: a report needs
 * nothing but the bundle. Throws only when the bundle itself cannot be written.
 */
export async function performRun(plan: RunPlan): Promise<ExitName> {
  hideFromChildren(plan.config.secrets)
  const redact = createRedactor(plan.config.secrets)
  await using bundle =
    plan.isUnkept === true ? createUnkept(redact) : await createBundle(plan.config.reportsDir, plan.runId, { redact })
  const recorder = watched(bundle, plan, redact)
  await recorder.append({
    kind: 'run',
    command: plan.command,
    pvcheck: plan.version,
    node: process.version,
    target: labelOf(plan.config.address),
    expectations: plan.config.expect,
    planned: [...plan.planned],
  })
  await observe(plan, recorder, redact)
  const { checks, reason } = plan.leftOut
  for (const left of checks) await recorder.append({ kind: 'skip', ...left, reason })
  const interrupted = plan.interrupt.exit()
  for (const gap of recorder.coverage.gaps(interrupted)) await recorder.append(gap)
  const end = endOf(recorder.bodies, interrupted)
  await recorder.append({ kind: 'end', ...end })
  return end.exit
}

interface WatchedRecorder extends TellingRecorder {
  readonly coverage: Coverage
  /** All but the observations, which may be large: of those only what the work tells is kept. */
  readonly bodies: readonly RecordBody[]
}

/** Saves, and then shows, in the same words: what a person sees is in the evidence, and as redacted. */
function watched(bundle: Recorder, plan: RunPlan, redact: Redact): WatchedRecorder {
  const coverage = createCoverage(plan.planned)
  const bodies: RecordBody[] = []
  const wanted = new Set((plan.acting?.told ?? []).map(({ name }) => name))
  const told = new Map<string, { seq: number; raw: unknown }>()
  const append = async (given: RecordBody): Promise<number> => {
    const seq = await bundle.append(given)
    if (given.kind === 'observation' && !wanted.has(given.fact)) return seq
    const body = bodySchema.parse(redactBody(given, redact))
    if (body.kind === 'observation') {
      told.set(body.fact, { seq, raw: body.raw })
      return seq
    }
    coverage.see(body)
    bodies.push(body)
    plan.console.show(body)
    return seq
  }
  return { coverage, bodies, append, told: (fact) => told.get(fact) }
}

const disconnectMs = 5_000

/** Everything between the first record and the last; what goes wrong becomes a record of trouble. */
async function observe(plan: RunPlan, recorder: TellingRecorder, redact: Redact): Promise<void> {
  const { stop } = plan.interrupt
  let during = 'connect'
  try {
    stop.throwIfAborted()
    const { address, stateDir } = plan.config
    const connection = await unlessForced(plan.connect(address, { signal: stop, stateDir }), plan.interrupt)
    try {
      during = 'start'
      await recorder.append({ kind: 'host', fingerprint: connection.target.fingerprint })
      const { work, acting } = plan
      const runWork = async (act?: Doing['act']): Promise<void> => {
        during = work.during
        await work.does(plan, { connection, recorder, redact, ...(act === undefined ? {} : { act }) })
      }
      if (acting === undefined) await runWork()
      else await actAndSettle(plan, acting, connection, { recorder, redact, runWork })
      during = 'disconnect'
    } finally {
      await endsWithin(disconnectMs, 'the connection to be closed', connection[Symbol.asyncDispose]())
    }
  } catch (error) {
    // The interrupt has its own place, in the `end` record; what it makes fail is no trouble of the host's.
    if (!stop.aborted) await recorder.append(troubleOf(error, during))
  }
}

function endOf(bodies: readonly RecordBody[], interrupted: ExitName | undefined): { exit: ExitName; reason?: string } {
  const exit = exitOf(bodies)
  // What outranks an interrupt: residue, and a fault of our own. Both would hide behind a plain 130.
  if (interrupted === undefined || exit === 'residue' || exit === 'internal') return { exit }
  return { exit: interrupted, reason: `the run was ${interrupted}` }
}
