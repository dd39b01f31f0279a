/** What one batch of canaries was given. */
export interface Batch {
  /** In no order: they were asked for all at once. */
  readonly addresses: readonly string[]
  /** How many services were created for it. */
  readonly creates: number
  /** Whether some got no address for so long that the network must be out of them. */
  readonly isShort: boolean
}
