/** What a drill wants to know of the evidence of a run. */
export interface ReadEvidence {
  /** Whether the run came to its end. */
  readonly complete: boolean
  readonly records: readonly { readonly body: { readonly kind: string } }[]
}

/**
 * Reads a bundle and walks its chain; throws where it does not hold. The lab knows no evidence: whoever starts a drill
 * hands in the reader of `pvcheck` itself.
 */
export type BundleReader = (dir: string) => Promise<ReadEvidence>
