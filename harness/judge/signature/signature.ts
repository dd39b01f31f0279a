/** Who has to act: the operator of the Swarm, the author of a recipe, the owner of the host, or nobody. */
export type SignatureClass = 'infra' | 'recipe' | 'host' | 'cosmetic'

/** A known line of dockerd's log. Matched against its parts, and not the line: users' words can be anywhere else. */
export interface Signature {
  readonly name: string
  readonly message?: RegExp
  readonly error?: RegExp
  readonly meaning: string
  readonly class: SignatureClass
  readonly remedy: string
  /** Where in the engine it is logged. */
  readonly source: string
  /** Only the leading manager logs it. */
  readonly leaderOnly: boolean
}
