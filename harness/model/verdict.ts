import { z } from 'zod'

/** From best to worst: `pass < waived < unknown < blocked < fail`; `n/a` stands beside them and never counts. */
export const verdicts = ['pass', 'waived', 'unknown', 'blocked', 'fail', 'n/a'] as const
export const verdictSchema = z.enum(verdicts)
export type Verdict = z.infer<typeof verdictSchema>

/** The worst of a group. A group of nothing, or of `n/a` alone, has shown nothing: `n/a`. */
export function worstVerdict(group: readonly Verdict[]): Verdict {
  const judged = group.filter((verdict) => verdict !== 'n/a')
  return judged.reduce<Verdict>((worst, verdict) => (isWorse(verdict, worst) ? verdict : worst), judged[0] ?? 'n/a')
}

function isWorse(a: Verdict, b: Verdict): boolean {
  return verdicts.indexOf(a) > verdicts.indexOf(b)
}

/** Whether a gate may still be green with it. */
export function isGreen(verdict: Verdict): boolean {
  return verdict === 'pass' || verdict === 'waived' || verdict === 'n/a'
}
