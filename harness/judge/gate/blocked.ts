import type { AnyCheck, Requirement } from '../../model/check.ts'
import type { Finding } from '../../model/finding.ts'

/** The finding of a check for which the host was not fit: names all that stands in the way, and what to do first. */
export function blockedFinding(
  check: Pick<AnyCheck, 'id' | 'title'>,
  { check: required, code, expected, remedy }: Requirement,
  standing: readonly Finding[],
): Finding {
  const names = standing.map((finding) => `${finding.subject} (${finding.code ?? finding.verdict})`)
  const states = standing.map(({ verdict, subject, actual }) => `${verdict}: ${subject}: ${actual}`)
  return {
    check: check.id,
    title: check.title,
    subject: 'target',
    expected,
    actual: `not done, because of ${names.join(', ')}`,
    verdict: 'blocked',
    code,
    reason: `${required.id} is not green: ${states.join('; ')}`,
    remedy,
    evidence: [...new Set(standing.flatMap(({ evidence }) => evidence))].sort((a, b) => a - b),
  }
}
