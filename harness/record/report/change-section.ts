import type { Finding } from '../../model/finding.ts'
import type { EvidenceRecord } from '../../model/record.ts'
import { changesOf } from './change.ts'
import { code, prose, table } from './markdown.ts'
import { type Tally, tallyOf } from './tally.ts'
import { counted, verdictMark } from './words.ts'

/** Before and after; nothing where there is no earlier run. */
export function changesSection(tally: Tally, previous: readonly EvidenceRecord[] | undefined): string {
  const first = previous?.[0]
  if (previous === undefined || first === undefined) return ''
  const before = tallyOf(previous)
  const changes = changesOf(before.findings, tally.findings)
  const when = prose(first.at.replace('T', ' ').replace(/(\.\d+)?Z$/, ''), 40)
  const lines = [
    `Compared with run ${code(first.run)} of ${when} UTC: ${changes.length === 0 ? 'nothing changed' : counted(changes.length, 'change')}.`,
  ]
  if (JSON.stringify(before.run?.expectations) !== JSON.stringify(tally.run?.expectations))
    lines.push('The two runs were held against different expectations.')
  const rows = changes.map(({ check, subject, before: was, after: is }) => [
    prose(subject, 120),
    prose(check, 40),
    stateOf(was, 'not checked'),
    stateOf(is, 'not checked any more'),
  ])
  const body = rows.length === 0 ? [] : [table(['Subject', 'Id', 'Before', 'After'], rows)]
  return ['## Before and after', lines.join(' '), ...body].join('\n\n')
}

function stateOf(finding: Finding | undefined, absent: string): string {
  return finding === undefined ? absent : `${verdictMark(finding.verdict)}: ${prose(finding.actual, 300)}`
}
