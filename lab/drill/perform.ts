import { setMaxListeners } from 'node:events'
import { joinErrors, messageOf, PvcheckError } from '../../harness/core/errors.ts'
import type { BundleReader } from './bundle-reader.ts'
import { commitOf, digestOf } from './covered.ts'
import type { CaseOutcome, Drill, DrillCase, DrillGround } from './drill.ts'
import { type DrillRecord, writeDrillRecord } from './drill-record.ts'
import { writeDrillsPage } from './page.ts'
import {
  addFinished,
  type Begun,
  beginProgress,
  type FinishedCase,
  forgetProgress,
  type Progress,
  readProgress,
} from './progress.ts'
import { seconds, tallyOf } from './tally.ts'

export interface PerformOptions {
  readonly root: string
  readonly drills: readonly Drill[]
  /** Absent with `resume`: the one of the drill that goes on. */
  readonly seed: string | undefined
  /** The full count where it is absent. */
  readonly count: number | undefined
  readonly resume: boolean
  /** The id of the one case to try: no record comes of it. */
  readonly only?: string | undefined
  /** On how many grounds at once; most of the time goes into waiting. */
  readonly hosts: number
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
  readonly readBundle: BundleReader
}

export interface Performed {
  readonly finished: readonly FinishedCase[]
  /** Absent where fewer than the full count were tried: that proves less than a record says. */
  readonly recordPath?: string
}

/** Runs a drill, or goes on with it; a full one leaves its record. Throws `DRILL_*`, and what its ground throws. */
export async function performDrill(drill: Drill, options: PerformOptions): Promise<Performed> {
  const { root, progress, only } = options
  if (only !== undefined) return await tryOnly(drill, only, options)
  const { begun, finished: before } = await beginOrResume(drill, options)
  const finished = [...before]
  const cases = drill.choose(begun.seed, begun.count)
  const left = cases.filter(({ id }) => !finished.some((one) => one.id === id))
  progress(`${drill.name}: seed ${begun.seed}, ${left.length} of ${cases.length} cases to try`)
  const tell = async (one: FinishedCase): Promise<void> => {
    finished.push(one)
    await addFinished(root, drill.name, one)
    progress(lineOf(drill, one, finished.length, cases.length))
  }
  if (left.length > 0) await tryAll(drill, left, { ...options, tell })
  if (begun.count < drill.fullCount) return { finished }
  const recordPath = await writeDrillRecord(root, recordOf(drill, begun, finished))
  await writeDrillsPage(root, options.drills)
  await forgetProgress(root, drill.name)
  return { finished, recordPath }
}

/** Tries one case again, by its id as it was printed: for whoever looks for the cause of a failure. */
async function tryOnly(drill: Drill, id: string, options: PerformOptions): Promise<Performed> {
  const { seed, progress } = options
  if (seed === undefined) throw seedMissing(drill.name)
  const given = drill.choose(seed, drill.fullCount).find((one) => one.id === id)
  if (given === undefined) throw noSuchCase(drill.name, seed, id)
  const finished: FinishedCase[] = []
  const tell = async (one: FinishedCase): Promise<void> => {
    finished.push(one)
    progress(lineOf(drill, one, 1, 1))
  }
  await tryAll(drill, [given], { ...options, tell })
  return { finished }
}

async function beginOrResume(drill: Drill, options: PerformOptions): Promise<Progress> {
  const { root, resume, seed, count = drill.fullCount } = options
  const digest = await digestOf(root, drill.covers)
  if (resume) {
    const found = await readProgress(root, drill.name)
    if (found === undefined) throw nothingToResume(drill.name)
    if (seed !== undefined && seed !== found.begun.seed) throw otherSeed(drill.name, seed, found.begun.seed)
    if (digest !== found.begun.digest) throw otherCode(drill.name)
    return found
  }
  if (seed === undefined) throw seedMissing(drill.name)
  const begun: Begun = {
    drill: drill.name,
    seed,
    count,
    commit: await commitOf(root),
    digest,
    startedAt: new Date().toISOString(),
  }
  await beginProgress(root, begun)
  return { begun, finished: [] }
}

/** Each ground takes the next case when it is through with one. Throws the first that goes wrong around the cases. */
async function tryAll(
  drill: Drill,
  cases: readonly DrillCase[],
  { hosts, progress, readBundle, tell, ...options }: PerformOptions & { tell(one: FinishedCase): Promise<void> },
): Promise<void> {
  const queue = [...cases]
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  // Each wait of each ground listens to it.
  setMaxListeners(0, signal)
  const takeOf = (engine: DrillCase['engine']): DrillCase | undefined => {
    const index = queue.findIndex((one) => one.engine === engine)
    return index < 0 ? undefined : queue.splice(index, 1)[0]
  }
  // A ground has one engine: all cases of that come first.
  const work = async (): Promise<void> => {
    for (let first = queue.shift(); first !== undefined; first = queue.shift()) {
      const { engine } = first
      await using ground = await drill.begin({
        ...{ signal, progress, readBundle },
        ...(engine === undefined ? {} : { engine }),
      })
      for (let given: DrillCase | undefined = first; given !== undefined; given = takeOf(engine)) {
        signal.throwIfAborted()
        await tell(await tryCase(ground, given, signal))
      }
    }
  }
  const grounds = Array.from({ length: Math.min(hosts, cases.length) }, () =>
    work().catch((error: unknown) => {
      stop.abort(error)
      throw error
    }),
  )
  const [first, ...others] = (await Promise.allSettled(grounds)).flatMap((end) =>
    end.status === 'rejected' ? [end.reason] : [],
  )
  if (first !== undefined) throw joinErrors(stop.signal.aborted ? stop.signal.reason : first, others)
}

/** So long one case may take; whatever hangs is a failure of it, and the next one's turn comes. */
const caseMs = 480_000

async function tryCase(ground: DrillGround<DrillCase>, given: DrillCase, signal: AbortSignal): Promise<FinishedCase> {
  const startedAt = performance.now()
  const until = AbortSignal.any([signal, AbortSignal.timeout(caseMs)])
  setMaxListeners(0, until)
  const { failures, recoveryMs } = await ground.run(given, until).catch((error: unknown): CaseOutcome => {
    signal.throwIfAborted()
    return { failures: [`it could not be tried: ${messageOf(error)}`] }
  })
  const { id, kind, point } = given
  return {
    id,
    kind,
    point,
    failures: [...failures],
    ...(recoveryMs === undefined ? {} : { recoveryMs }),
    tookMs: Math.round(performance.now() - startedAt),
    engine: ground.engine,
  }
}

function recordOf(drill: Drill, begun: Begun, finished: readonly FinishedCase[]): DrillRecord {
  const { seed, commit, digest, startedAt } = begun
  return {
    drill: drill.name,
    seed,
    commit,
    engine: [...new Set(finished.map(({ engine }) => engine))].join(', '),
    startedAt,
    endedAt: new Date().toISOString(),
    ...tallyOf(finished),
    covers: [...drill.covers],
    digest,
  }
}

function lineOf({ measures = 'recovery' }: Drill, one: FinishedCase, done: number, all: number): string {
  const recovered = `${measures} ${seconds(one.recoveryMs)}`
  const sign = one.failures.length === 0 ? '✓' : '✗'
  const head = `${sign} ${done}/${all} ${one.id}: ${recovered} (${seconds(one.tookMs)} in all)`
  return [head, ...one.failures.map((failure) => `    ${failure}`)].join('\n')
}

function seedMissing(name: string): PvcheckError {
  return new PvcheckError({
    code: 'DRILL_SEED_MISSING',
    seen: `the drill "${name}" without a seed`,
    wanted: 'a seed, from which all that is chosen follows',
    remedy: `npm run drill ${name} -- --seed ${new Date().toISOString().slice(0, 10)}`,
    exit: 'usage',
  })
}

function nothingToResume(name: string): PvcheckError {
  return new PvcheckError({
    code: 'DRILL_NOTHING_TO_RESUME',
    seen: `no drill "${name}" was interrupted here`,
    wanted: 'the progress of an interrupted drill',
    remedy: `npm run drill ${name} -- --seed <seed>`,
    exit: 'usage',
  })
}

function noSuchCase(name: string, seed: string, id: string): PvcheckError {
  return new PvcheckError({
    code: 'DRILL_NO_SUCH_CASE',
    seen: `with the seed ${seed} the drill "${name}" has no case "${id}"`,
    wanted: 'the id of a case as it is printed, the number included',
    remedy: 'Give the seed of the run that printed it.',
    exit: 'usage',
  })
}

function otherSeed(name: string, seed: string, begun: string): PvcheckError {
  return new PvcheckError({
    code: 'DRILL_OTHER_SEED',
    seen: `the drill "${name}" that was interrupted has the seed ${begun}, not ${seed}`,
    wanted: 'the seed it was begun with',
    remedy: `Leave --seed out to go on with it, or --resume to begin anew.`,
    exit: 'usage',
  })
}

/** A record is about one state of the code. */
function otherCode(name: string): PvcheckError {
  return new PvcheckError({
    code: 'DRILL_OTHER_CODE',
    seen: `the code that the drill "${name}" covers has changed since it was begun`,
    wanted: 'all cases tried on the same code',
    remedy: 'Begin anew, without --resume.',
    exit: 'stale',
  })
}
