import type { NetworkReport } from '../../judge/census/report-networks.ts'

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
