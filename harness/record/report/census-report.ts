import type { NetworkCensus } from '../../judge/address/network-census.ts'
import type { WalkDecision } from '../../judge/address/plan-walk.ts'
import type { Projection } from '../../judge/address/projection.ts'
import type { Walk } from '../../model/facts/addresses/census.ts'
import type { Verdict } from '../../model/verdict.ts'

/** What a census says of one overlay, with what earlier bundles add. */
export interface NetworkReport {
  readonly census: NetworkCensus
  /** How much of what can be handed out is held or leaked; not exact where leaked ones may come on top. */
  readonly taken: { readonly count: number; readonly percent: number | undefined; readonly isExact: boolean }
  /** The worst of its findings. */
  readonly verdict: Verdict
  readonly projection: Projection
  /** By leaked address: when it had leaked at the latest, ISO 8601. */
  readonly since: ReadonlyMap<string, string>
  /** Where it was walked, or was to be. */
  readonly walk?: Walk
  /** Where it was not: what a walk would take. */
  readonly offer?: WalkDecision
}

/** A whole census, for whoever prints it. */
export interface CensusReport {
  /** ISO 8601: when who holds what was read last. */
  readonly at: string
  readonly cluster: string
  readonly isWalk: boolean
  /** The worst first. */
  readonly networks: readonly NetworkReport[]
  /** Earlier bundles that could not be read, and why. */
  readonly leftOut: readonly string[]
}
