import type { Ledger } from './ledger.ts'

/** What is known of the addresses that nobody holds and nobody can be given. */
export type Leaked =
  /** Each by name, as dotted decimals, in order. */
  | { readonly state: 'exact'; readonly addresses: readonly string[] }
  /** So many of the candidates: the rest are load balancers of nodes that could not be asked. */
  | { readonly state: 'counted'; readonly count: number; readonly candidates: readonly string[] }
  /** By the engine's own count, or by a part of the subnet: `atMost` is absent where nothing bounds it. */
  | { readonly state: 'estimated'; readonly atLeast: number; readonly atMost?: number }
  | { readonly state: 'unknown'; readonly why: string }

/** One overlay, as a census found it. */
export interface NetworkCensus {
  readonly id: string
  readonly name: string
  readonly ingress: boolean
  /** `10.10.0.0/16`, or several, in order. */
  readonly subnets: readonly string[]
  /** Of the last reading. */
  readonly ledger: Ledger
  /** What can be handed out now: by the walk or by the engine, where either was asked, else capacity less holders. */
  readonly free: { readonly count: number; readonly isExact: boolean }
  readonly leaked: Leaked
  /** In use in one lap and not in another, or in use and held before or after: deploys that went on meanwhile. */
  readonly transient: readonly string[]
  /** In use, without a holder, and not asked again. */
  readonly unconfirmed: readonly string[]
  /** The walk and the engine's own count tell different numbers. */
  readonly disagreement?: string
  /** Why it was not walked, or not to its end. */
  readonly refusal?: { readonly code: string; readonly seen: string; readonly remedy: string }
}
