import { messageOf, PvcheckError } from '../core/errors.ts'
import type { Check, Judgement } from '../model/check.ts'
import type { Expectations } from '../model/expectations.ts'
import type { Finding } from '../model/finding.ts'

type Named = Pick<Check, 'id' | 'title'>

/**
 * Judges, and puts the check's name and evidence to each judgement. A judge that throws, or says nothing, has
 * established nothing: `unknown`.
 */
export function applyCheck<F>(
  check: Named & { readonly judge: (facts: F, wanted: Expectations) => readonly Judgement[] },
  facts: F,
  wanted: Expectations,
  evidence: readonly number[],
): readonly Finding[] {
  try {
    const judgements = check.judge(facts, wanted)
    if (judgements.length > 0) return judgements.map((judgement) => findingOf(check, judgement, evidence))
    return [
      unknownFinding(check, {
        evidence,
        actual: 'nothing was judged',
        reason: 'CHECK_SAID_NOTHING: the check returned no judgement',
        remedy: 'This is a fault of the check: report it, with the evidence.',
      }),
    ]
  } catch (error) {
    return [
      unknownFinding(check, {
        evidence,
        actual: 'the check itself failed',
        reason: `CHECK_THREW: ${messageOf(error)}`,
        remedy: 'This is a fault of the check: report it, with the evidence.',
      }),
    ]
  }
}

/** The finding of a check that could not read what it needs. */
export function unreadFinding(check: Named, error: unknown, evidence: readonly number[]): Finding {
  const known = error instanceof PvcheckError
  return unknownFinding(check, {
    evidence,
    actual: known ? error.seen : messageOf(error),
    reason: known ? `${error.code}: wanted ${error.wanted}` : `UNEXPECTED: ${messageOf(error)}`,
    remedy: known ? error.remedy : 'This is a fault of pvcheck: report it, with the evidence.',
  })
}

/** The finding of a check that does not apply to this target. */
export function notApplicableFinding(check: Named, reason: string): Finding {
  return findingOf(check, { subject: 'target', expected: check.title, actual: 'not asked', verdict: 'n/a', reason }, [])
}

function unknownFinding(
  check: Named,
  { evidence, ...said }: Pick<Judgement, 'actual' | 'reason' | 'remedy'> & { evidence: readonly number[] },
): Finding {
  return findingOf(check, { subject: 'target', expected: check.title, verdict: 'unknown', ...said }, evidence)
}

function findingOf(check: Named, judgement: Judgement, evidence: readonly number[]): Finding {
  return { ...judgement, check: check.id, title: check.title, evidence: [...evidence] }
}
