import type { EngineName } from '../host/engines.ts'
import type { BundleReader } from './bundle-reader.ts'

/** One case of a drill: all that is chosen about it follows from the seed. */
export interface DrillCase {
  /** Unique within the drill's full count, and the same for the same seed: `07 kill-worker at 3`. */
  readonly id: string
  /** What is done, as it is counted in the record. */
  readonly kind: string
  /** When it is done, as it is counted in the record. */
  readonly point: string
  /** On which engine it takes place; the usual one where it does not matter. */
  readonly engine?: EngineName
}

/** What became of one case. */
export interface CaseOutcome {
  /** Each is a fault of pvcheck until proven otherwise; none means that the case held. */
  readonly failures: readonly string[]
  /** Milliseconds from what was done until all was well again, or what the drill measures; absent where it never was. */
  readonly recoveryMs?: number
}

/** Where the cases of a drill take place; disposing of it leaves nothing behind. */
export interface DrillGround<Case extends DrillCase> extends AsyncDisposable {
  /** The version of the engine that it takes place on. */
  readonly engine: string
  /** Throws where the case could not be tried, which is a failure of it, or the signal's reason. */
  run(given: Case, signal: AbortSignal): Promise<CaseOutcome>
}

export interface GroundOptions {
  /** That of its cases. */
  readonly engine?: EngineName
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
  readonly readBundle: BundleReader
}

/** A test that takes too long for every day: it is run in full now and then, and leaves a committed record. */
export interface Drill<Case extends DrillCase = DrillCase> {
  readonly name: string
  /** What it proves, in one sentence. */
  readonly proves: string
  readonly fullCount: number
  /** How many of its cases `npm test` tries. */
  readonly sampleCount: number
  /** What is measured of each case: `recovery` by default. */
  readonly measures?: string
  /** The code that its record is about: globs from the package's root; tests are never part of it. */
  readonly covers: readonly string[]
  /** The cases in their order; a smaller count gives the first ones of a larger. */
  choose(seed: string, count: number): readonly Case[]
  begin(options: GroundOptions): Promise<DrillGround<Case>>
}
