import { messageOf } from '../../core/errors.ts'
import { describePlan } from '../../judge/removal/describe-plan.ts'
import { waits } from '../../judge/removal/plan-removal.ts'
import type { SwarmFacts } from '../../judge/removal/swarm-facts.ts'
import { sayContainer } from '../../judge/sweep/containers.ts'
import { type DeadRun, judgeRuns } from '../../judge/sweep/judge-runs.ts'
import { sayObject } from '../../judge/sweep/objects.ts'
import { planSweep } from '../../judge/sweep/plan-sweep.ts'
import { localContainers, localVolumes } from '../../model/facts/local-objects.ts'
import { attachWriter } from '../../reach/attach-writer.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import type { Connection } from '../../reach/target.ts'
import { createEngineClock } from '../mark/engine-clock.ts'
import { graceSeconds } from '../mark/lock.ts'
import { listed } from '../remove/look.ts'
import { readSwarm } from '../remove/read-swarm.ts'
import { type LocalRun, readLocalRuns } from './local-runs.ts'
import type { SweepParts } from './parts.ts'
import type { SweepReport, SweptRun } from './report.ts'
import { sweepLocal } from './sweep-local.ts'

export interface SweepDeadOptions {
  readonly stateDir: string
  readonly signal: AbortSignal
  readonly onProgress: (what: string) => void
  /** Told before anything is removed: what that costs while some service waits for an address. `onProgress` by default. */
  readonly onPrice?: (what: string) => void
  /** Only looks: what would be swept is `swept`, and nothing is changed. */
  readonly isDry?: boolean
  /** How many stacks at once; 4 by default. */
  readonly atOnce?: number
}

/**
 * Sweeps every run that is certainly over, one after the other. Where there is none it changes nothing, and asks for no
 * change. Throws `REMOVE_CANNOT_LOOK`, `CLOCK_*` and what the reader throws where nobody could tell what is there.
 */
export async function sweepDead(connection: Connection, options: SweepDeadOptions): Promise<SweepReport> {
  const { target, signal: lost } = connection
  const signal = AbortSignal.any([options.signal, lost])
  const files = await readLocalRuns(options.stateDir, target.fingerprint.cluster)
  const { facts, judged } = await judge(target.engine, files.runs, signal)
  const doubtful = [...judged.doubtful, ...files.doubtful]
  const dead = withOldFiles(judged.dead, files.runs, judged.live)
  for (const line of pricesOf(dead, facts)) (options.onPrice ?? options.onProgress)(line)
  if (options.isDry === true) {
    return { swept: dead.filter(hasObjects).map(asSwept), live: judged.live, left: dead.flatMap(strayLines), doubtful }
  }
  const swept: SweptRun[] = []
  const left: string[] = []
  for (const { run, owner } of waitingFirst(dead, facts)) {
    const file = files.runs.find((one) => one.run === run && one.state !== 'maybe live')
    try {
      signal.throwIfAborted()
      const parts: SweepParts = {
        ...{ reader: target.engine, writer: attachWriter(connection.handle), signal, onProgress: options.onProgress },
        atOnce: options.atOnce ?? 4,
      }
      const done = await sweepLocal({ run, stateDir: options.stateDir, file, connection }, parts)
      if (done.objects.length > 0) swept.push({ run, owner: done.owner || owner, objects: done.objects })
      left.push(...done.left)
    } catch (error) {
      left.push(`what the run ${run} left was not swept: ${messageOf(error)}`)
    }
  }
  return { swept, live: judged.live, left, doubtful }
}

/** The clock first: what was renewed while the rest is being listed then never looks as if it had ended. */
async function judge(engine: EngineReader, files: readonly LocalRun[], signal: AbortSignal) {
  const now = await createEngineClock(engine).ask({ signal })
  const [facts, containers, volumes] = await Promise.all([
    readSwarm(engine, signal),
    engine.containers({ signal, all: true }).then((answer) => listed(localContainers, answer)),
    engine.volumes({ signal }).then((answer) => listed(localVolumes, answer)),
  ])
  const gone = new Map(files.filter(({ state }) => state === 'gone').map((file) => [file.run, file]))
  return { facts, judged: judgeRuns({ facts, local: { containers, volumes }, now, graceSeconds, gone }) }
}

/** An old file whose run left nothing in the Swarm is only to be forgotten. */
function withOldFiles(
  dead: readonly DeadRun[],
  files: readonly LocalRun[],
  live: readonly { readonly run: string }[],
): readonly DeadRun[] {
  const known = new Set([...dead, ...live].map(({ run }) => run))
  const old = files.filter(({ run, state }) => state === 'old' && !known.has(run))
  return [...dead, ...old.map(({ run, owner }) => ({ run, owner, objects: [], strays: [], containers: [] }))]
}

/** What a service that waits for an address lets leak with each removal. */
function pricesOf(dead: readonly DeadRun[], facts: SwarmFacts): readonly string[] {
  const { prices } = planSweep(
    dead.map(({ run }) => run),
    facts,
  )
  return describePlan({ stacks: [], unknown: [], prices })
}

/** As long as one of ours waits for an address, whatever else goes may leak. */
function waitingFirst(dead: readonly DeadRun[], facts: SwarmFacts): readonly DeadRun[] {
  const isWaiting = ({ run }: DeadRun): boolean => planSweep([run], facts).stacks.some(waits)
  return dead.toSorted((a, b) => Number(isWaiting(b)) - Number(isWaiting(a)))
}

function hasObjects({ objects, containers }: DeadRun): boolean {
  return objects.length + containers.length > 0
}

function asSwept({ run, owner, objects, containers }: DeadRun): SweptRun {
  return { run, owner, objects: [...objects.map(sayObject), ...containers.map(sayContainer)] }
}

function strayLines({ run, strays }: DeadRun): readonly string[] {
  return strays.map((id) => `task ${id} of the run ${run}, whose service is gone`)
}
