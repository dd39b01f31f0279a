import { plain } from '../../core/text.ts'
import type { Finding } from '../../model/finding.ts'
import type { RecordBody } from '../../model/record.ts'
import { isGreen, type Verdict } from '../../model/verdict.ts'
import type { CensusReport } from '../../record/report/census-report.ts'
import type { Style } from './style.ts'

const marks: Partial<Record<Verdict, readonly [unicode: string, ascii: string]>> = {
  fail: ['✗', 'x'],
  blocked: ['‼', '!'],
  unknown: ['?', '?'],
}
const order: readonly Verdict[] = ['fail', 'blocked', 'unknown']

/**
 * What is not as it should be, and what to do; a remedy that several share is told once. What is not known only because
 * nobody walked is left to the line that says so.
 */
export function findingLines(
  bodies: readonly RecordBody[],
  report: CensusReport | undefined,
  style: Style,
): readonly string[] {
  const isOpen = openIn(report)
  const findings = bodies
    .flatMap((body) => (body.kind === 'finding' && !isGreen(body.verdict) && !isOpen(body) ? [body] : []))
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  const told = new Set<string>()
  return findings.flatMap((finding) => {
    const remedy = finding.remedy ?? ''
    const isNew = remedy !== '' && !told.has(remedy)
    told.add(remedy)
    return [lineOf(finding, style), ...(isNew ? [`    ${plain(remedy)}`] : [])]
  })
}

/** Beside what says why nobody walked, that a walk would tell is nothing new. */
function openIn(report: CensusReport | undefined): (finding: Finding) => boolean {
  const open = (report?.networks ?? []).filter(({ census }) => census.leaked.state === 'unknown')
  const names = new Set(open.map(({ census }) => plain(census.name, 100)))
  return ({ verdict, subject, remedy = '' }) =>
    verdict === 'unknown' && names.has(plain(subject, 100)) && remedy.startsWith('Let it be walked')
}

function lineOf({ check, subject, actual, code, verdict }: Finding, { paint, isUnicode }: Style): string {
  const mark = marks[verdict]?.[isUnicode ? 0 : 1] ?? '-'
  const why = code === undefined ? '' : ` (${code})`
  return `${paint(verdict, mark)} ${check}  ${plain(subject, 200)}: ${plain(actual, 400)}${why}`
}
