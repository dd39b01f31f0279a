import type { Finding } from '../../model/finding.ts'
import { type Verdict, verdicts } from '../../model/verdict.ts'
import { bySubject } from './words.ts'

/** One check of one subject that is not what it was. */
export interface Change {
  readonly check: string
  readonly subject: string
  readonly before: Finding | undefined
  readonly after: Finding | undefined
}

/**
 * What is never the same twice: time spans, points in time, the phases of a request, lines of a log, names that were made
 * up to be known to nobody. They are no change by themselves.
 */
const timePoint = /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?/g
const timeSpan = /\b\d+(?:[.,]\d+)?\s?(?:ms|s|min|h|d|seconds?|minutes?|hours?|days?|weeks?)\b/g
const phases = /\((?:(?:, )?(?:dns|proxy|tcp|tls|first byte|body) \d+)+\)/g
const madeUpName = /\bpvcheck-[0-9a-f]{12}\b/g
const logLines = /\b\d[\d,.]* lines?\b/g

/** What changed between two runs, the worst first. A verdict always counts, an actual state unless only time went by. */
export function changesOf(before: readonly Finding[], after: readonly Finding[]): Change[] {
  const [old, fresh] = [worstByKey(before), worstByKey(after)]
  const keys = [...new Set([...old.keys(), ...fresh.keys()])]
  const changes = keys.flatMap((key) => {
    const [was, is] = [old.get(key), fresh.get(key)]
    const known = is ?? was
    if (known === undefined || (was !== undefined && is !== undefined && isSame(was, is))) return []
    return [{ check: known.check, subject: known.subject, before: was, after: is }]
  })
  return changes.sort((a, b) => weight(b) - weight(a) || bySubject(a, b))
}

function worstByKey(findings: readonly Finding[]): Map<string, Finding> {
  const worst = new Map<string, Finding>()
  for (const finding of findings) {
    const key = JSON.stringify([finding.check, timeless(finding.subject)])
    const known = worst.get(key)
    if (known === undefined || rank(finding.verdict) > rank(known.verdict)) worst.set(key, finding)
  }
  return worst
}

function isSame(a: Finding, b: Finding): boolean {
  return a.verdict === b.verdict && timeless(a.actual) === timeless(b.actual)
}

function timeless(text: string): string {
  return text
    .replace(phases, '(phases)')
    .replace(madeUpName, '(made-up name)')
    .replace(timePoint, '(time)')
    .replace(timeSpan, '(span)')
    .replace(logLines, '(lines)')
    .replace(/\(span\)(?: \(span\))+/g, '(span)')
}

function rank(verdict: Verdict): number {
  return verdict === 'n/a' ? -1 : verdicts.indexOf(verdict)
}

function weight({ before, after }: Change): number {
  if (before === undefined || after === undefined) return -100
  return rank(after.verdict) - rank(before.verdict)
}
