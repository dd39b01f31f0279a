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
  /** What must be shown to hold before this check is asked anything; else its finding is `blocked`. */
  readonly requires?: readonly Requirement[]
  /** At least one judgement; none at all is treated as `unknown`. */
  readonly judge: (facts: Facts<N>, wanted: Expectations) => readonly Judgement[]
}

/** A check whose needs are its own matter; `judge` takes the facts that its own `needs` name. */
export type AnyCheck = Omit<Check, 'judge'> & {
  readonly judge: (facts: never, wanted: Expectations) => readonly Judgement[]
}

/** Something without which a host is not fit for a check that acts. */
export interface Requirement {
  /** Proven, and recorded, once in a run, whoever asks for it first. */
  readonly check: AnyCheck
  /** Whether a finding of it that is not green stands in the way. */
  readonly blocks: (finding: Finding, wanted: Expectations) => boolean
  /** What the finding of the blocked check says. */
  readonly code: string
  readonly expected: string
  readonly remedy: string
}

/** Gives `judge` the types of its needs. */
export function defineCheck<const N extends Needs>(check: Check<N>): Check<N> {
  return check
}
