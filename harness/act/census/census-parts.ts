import type { CensusSettings } from '../../model/census.ts'
import type { Throwaway } from '../../model/throwaway.ts'
import type { HostRunner } from '../../reach/host/runner.ts'
import type { CarefulHand } from '../hand/careful.ts'

/** Where a census is, for a person to read. */
export interface CensusProgress {
  /** The name of the network that is being walked. */
  readonly network: string
  readonly what: string
  /** How many addresses of how many have been gone through in this lap; absent while none is under way. */
  readonly done?: number
  readonly of?: number
}

/** What a census walks, and by what. */
export interface CensusParts {
  /** Also reads: all that a walk asks of the engine goes through it. */
  readonly hand: CarefulHand
  /** The manager, where dockerd runs; without it neither its memory and CPU nor the raft folder are watched. */
  readonly host?: HostRunner | { readonly unavailable: string }
  readonly settings: CensusSettings
  /** The ports that canaries on `ingress` may publish. */
  readonly publish: Pick<Throwaway['publish'], 'from' | 'to'>
  /** Ids of overlays, in the order in which they are walked, one after the other. */
  readonly networks: readonly string[]
  /** Only so many addresses of each are walked. */
  readonly window?: number
  /** By network id: a walk of that network ends, as `window`, as soon as all of these addresses were offered. */
  readonly until?: Readonly<Record<string, readonly string[]>>
  /** Ends the walk: what it holds is removed all the same. */
  readonly signal: AbortSignal
  readonly onProgress?: (progress: CensusProgress) => void
}
