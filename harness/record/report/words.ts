import type { Verdict } from '../../model/verdict.ts'
import { code } from './markdown.ts'

const marks: Record<Verdict, string> = {
  pass: '✓ pass',
  waived: '✓ waived',
  unknown: '? unknown',
  blocked: '‼ blocked',
  fail: '✗ fail',
  'n/a': '– n/a',
}

/** A verdict with its mark, as on the console. */
export function verdictMark(verdict: Verdict): string {
  return marks[verdict]
}

/** Records by their numbers: `#12`. */
export function recordMarks(seqs: readonly number[]): string {
  return seqs.length === 0 ? '–' : seqs.map((seq) => code(`#${seq}`)).join(' ')
}

/** `1 record`, `2 records`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** By subject, then by check: the order that stays where it is from one run to the next. */
export function bySubject(
  a: { readonly subject: string; readonly check: string },
  b: { readonly subject: string; readonly check: string },
): number {
  return compare(a.subject, b.subject) || compare(a.check, b.check)
}

// Not by the reader's language: the same bundle gives the same page everywhere.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
