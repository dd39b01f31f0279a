import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import type { EngineNow } from '../../model/mark.ts'
import type { AskOptions, EngineReader } from '../../reach/engine/reader.ts'

/**
 * The clock of the engine that is asked, as two moments between which it is. Of this machine only spans of time count,
 * never what it believes the time to be.
 */
export interface EngineClock {
  /** Without a request, as a rule: from the last answer and the time since. Asks where that is old or doubtful. */
  now(options?: AskOptions): Promise<EngineNow>
  /** Asks, whatever is known. Throws `CLOCK_UNREADABLE`, `CLOCK_UNSTEADY`, and what the reader throws. */
  ask(options?: AskOptions): Promise<EngineNow>
}

/** The two clocks of this machine. */
export interface LocalClocks {
  /** Goes on evenly, but on most systems stands still while the machine sleeps. */
  monotonicMs(): number
  /** Knows of that sleep, but may be wrong, and be put right at any moment. */
  wallMs(): number
}

const localClocks: LocalClocks = { monotonicMs: () => performance.now(), wallMs: () => Date.now() }

/** By how much the two may differ in a span of time before one of them is not to be believed. */
const toleranceMs = 250
/** A machine that was halted by its own host notices on neither clock: nothing older than this is relied on. */
const maxAgeMs = 10_000
/** By how much the fastest clock outruns the slowest in that time: 0.1 % is twice what kernels allow each. */
const driftShare = 0.001
/** An engine tells parts of a millisecond that are cut off here. */
const cutMs = 1
const attempts = 3

const infoSchema = z.object({ SystemTime: z.string() })

interface Reading {
  /** What the engine's clock showed when the answer was made, which was after the request and before its end. */
  readonly shownMs: number
  readonly tookMs: number
  readonly end: Moment
}

interface Moment {
  readonly monotonicMs: number
  readonly wallMs: number
}

/** Asks `/info` of one engine, and nobody else. */
export function createEngineClock(engine: Pick<EngineReader, 'info'>, local: LocalClocks = localClocks): EngineClock {
  let last: Reading | undefined
  const look = (): Moment => ({ monotonicMs: local.monotonicMs(), wallMs: local.wallMs() })

  async function ask(options?: AskOptions): Promise<EngineNow> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const start = look()
      const shownMs = shownBy(await engine.info(options))
      const end = look()
      const took = spanOf(start, end)
      // A machine that slept over the answer knows nothing from it.
      if (!took.isSteady) continue
      last = { shownMs, tookMs: took.mostMs, end }
      return project(last, spanOf(end, end))
    }
    throw unsteady()
  }

  return {
    ask,
    async now(options) {
      const since = last === undefined ? undefined : spanOf(last.end, look())
      return last === undefined || since === undefined || !since.isSteady || since.mostMs > maxAgeMs
        ? ask(options)
        : project(last, since)
    },
  }
}

interface Span {
  readonly leastMs: number
  readonly mostMs: number
  readonly isSteady: boolean
}

function spanOf(from: Moment, to: Moment): Span {
  const spans = [to.monotonicMs - from.monotonicMs, to.wallMs - from.wallMs]
  const [leastMs, mostMs] = [Math.max(0, Math.min(...spans)), Math.max(0, ...spans)]
  return { leastMs, mostMs, isSteady: Math.max(...spans) - Math.min(...spans) <= toleranceMs }
}

function project({ shownMs, tookMs }: Reading, since: Span): EngineNow {
  return {
    earliestMs: shownMs + since.leastMs * (1 - driftShare),
    latestMs: shownMs + cutMs + tookMs + since.mostMs * (1 + driftShare),
  }
}

function shownBy({ what, status, body }: { what: string; status: number; body: unknown }): number {
  const { data } = infoSchema.safeParse(body)
  const shownMs = data === undefined ? Number.NaN : Date.parse(data.SystemTime)
  if (status === 200 && !Number.isNaN(shownMs)) return shownMs
  throw new PvcheckError({
    code: 'CLOCK_UNREADABLE',
    seen: `${what} was answered with ${status}, without a time that can be read`,
    wanted: "the engine's own time",
    remedy: 'If a proxy stands before the socket, let it pass `/info`; else look at the log of dockerd.',
    exit: 'unknown',
  })
}

function unsteady(): PvcheckError {
  return new PvcheckError({
    code: 'CLOCK_UNSTEADY',
    seen: `the clocks of this machine disagreed by more than ${toleranceMs} ms in the course of each of ${attempts} requests`,
    wanted: 'a machine that stays awake, with a clock that is not being set, for as long as one request takes',
    remedy: 'See what sets the clock of this machine again and again, or lets it sleep; then run again.',
    exit: 'unknown',
  })
}
