import type { Expectations } from './expectations.ts'
import type { Fact } from './fact.ts'
import type { CheckId, Finding } from './finding.ts'

export type Needs = Readonly<Record<string, Fact<unknown>>>
export type Facts<N extends Needs> = { readonly [K in keyof N]: N[K] extends Fact<infer T> ? T : never }

/** What a check says of one subject; id, title and evidence are added by whoever runs it. */
export type Judgement = Omit<Finding, 'check' | 'title' | 'evidence'>

/** A pure function from saved facts to judgements: it can judge a bundle again with no host at hand. */
export interface Check<N extends Needs = Needs> {
  readonly id: CheckId
  /** The expected state as a sentence in the present tense. */
  readonly title: string
  readonly needs: N
  /** Why the check does not apply to this target; nothing is asked then, and the finding is `n/a`. */
  readonly notApplicable?: (wanted: Expectations) => string | undefined
  /** At least one judgement; none at all is treated as `unknown`. */
  readonly judge: (facts: Facts<N>, wanted: Expectations) => readonly Judgement[]
}

/** Gives `judge` the types of its needs. */
export function defineCheck<const N extends Needs>(check: Check<N>): Check<N> {
  return check
}
