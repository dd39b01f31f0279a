/** What a sweep found, and what became of it. All names are the host's own text. */
export interface SweepReport {
  readonly swept: readonly SweptRun[]
  /** Runs that may still be going on: left alone. */
  readonly live: readonly LiveRun[]
  /** Of dead runs, and still there: each with the reason. */
  readonly left: readonly string[]
  /** What only looks like ours, or whose mark cannot be read: left alone. */
  readonly doubtful: readonly string[]
}

export interface SweptRun {
  readonly run: string
  readonly owner: string
  /** `service pvc-20261120t121700z-3f2a-7`. */
  readonly objects: readonly string[]
}

export interface LiveRun {
  readonly run: string
  readonly owner: string
  /** ISO 8601, by the engine's clock. */
  readonly until: string
}
