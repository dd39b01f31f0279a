import { type ExitName, exitCodes } from '../../core/exit.ts'
import type { Finding } from '../../model/finding.ts'
import type { EvidenceRecord } from '../../model/record.ts'
import type { Verdict } from '../../model/verdict.ts'
import { changesSection } from './change-section.ts'
import { claimOf } from './claim.ts'
import { deedsSection } from './deeds-section.ts'
import { bullets, code, prose, table } from './markdown.ts'
import { routingSection } from './routing-section.ts'
import { standInsOf } from './stand-in.ts'
import { type Tally, tallyOf } from './tally.ts'
import { bySubject, counted, recordMarks, verdictMark } from './words.ts'

export interface StatusInput {
  readonly records: readonly EvidenceRecord[]
  /** The bundle's folder as seen from the report's. */
  readonly bundlePath: string
  /** Bytes of a line that was cut off while it was being written. */
  readonly tornBytes?: number
  /** The records of the run before this one, of the same Swarm. */
  readonly previous?: readonly EvidenceRecord[] | undefined
}

/** STATUS as Markdown: a function of the records alone, the same on every machine. */
export function renderStatus(input: StatusInput): string {
  const tally = tallyOf(input.records)
  const sections = [
    claimOf(tally),
    '# pvcheck STATUS',
    circumstances(input, tally),
    findingsSection('Failed', 'fail', tally),
    troubleSection(tally),
    findingsSection('Blocked', 'blocked', tally),
    findingsSection('Unknown', 'unknown', tally),
    reasonsSection('Not judged', 'Planned, and not shown to be true: none of these is green.', tally.notJudged),
    deedsSection(tally),
    routingSection(tally),
    checksSection(tally),
    findingsSection('Waived', 'waived', tally),
    notApplicableSection(tally),
    reasonsSection('Left out', 'Not part of this run, by choice.', tally.leftOut),
    changesSection(tally, input.previous),
    observationsSection(tally),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function circumstances({ records, bundlePath, tornBytes = 0 }: StatusInput, tally: Tally): string {
  const { run, host, end } = tally
  const [first, last] = [records[0], records.at(-1)]
  const standIns = standInsOf(tally).map(({ service, standsFor }) => `${code(service)} for ${prose(standsFor, 100)}`)
  const items: (readonly [string, string])[] = [
    ['When', first === undefined || last === undefined ? 'never: there are no records' : timeOf(first.at, last.at)],
    ['Target', run === undefined ? 'not known' : code(run.target)],
    ['Swarm', host === undefined ? 'never reached' : `cluster ${code(host.cluster)}, node ${code(host.node)}`],
    ['Engine', host === undefined ? 'never reached' : code(host.engine)],
    ['Shared network', run === undefined ? 'not known' : code(run.expectations.sharedNetwork.name)],
    ['pvcheck', run === undefined ? 'not known' : `${code(run.pvcheck)} on Node.js ${code(run.node)}`],
    ['Command', run === undefined ? 'not known' : code(run.command)],
    ['Run', first === undefined ? 'not known' : code(first.run)],
    ['Evidence', `${code(bundlePath)}, ${counted(records.length, 'record')}`],
    ['Head hash', last === undefined ? 'none' : code(last.hash)],
    ['Exit', exitOf(end?.exit, end?.reason)],
    ...(tornBytes > 0 ? [['Torn', `${counted(tornBytes, 'byte')} of a record that was never finished`] as const] : []),
    ...(standIns.length > 0 ? [['Stand-ins', `${standIns.join(', ')}: proven of these alone`] as const] : []),
  ]
  return bullets(items.map(([name, value]) => `**${name}:** ${value}`))
}

function timeOf(start: string, end: string): string {
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000
  return `${prose(start.replace('T', ' ').replace(/(\.\d+)?Z$/, ''), 40)} UTC, ${seconds.toFixed(1)} s`
}

function exitOf(name: string | undefined, reason: string | undefined): string {
  if (name === undefined) return 'none: the run did not come to its end, or its end is missing here'
  const known = Object.hasOwn(exitCodes, name) ? exitCodes[name as ExitName] : undefined
  const meaning = known === undefined ? code(name) : `${known.code}, ${name}: ${known.meaning}`
  return reason === undefined ? meaning : `${meaning} (${prose(reason)})`
}

/** Each finding of a verdict in full. */
function findingsSection(title: string, verdict: Verdict, { findings }: Tally): string {
  const own = findings.filter((finding) => finding.verdict === verdict).sort(bySubject)
  if (own.length === 0) return ''
  return [`## ${title}`, ...own.map(inFull)].join('\n\n')
}

function inFull(finding: Finding): string {
  const { check, title, subject, expected, actual, verdict, code, reason, remedy, evidence } = finding
  const [mark = ''] = verdictMark(verdict).split(' ')
  return [
    `### ${mark} ${prose(check, 40)}: ${prose(subject, 120)}`,
    bullets([
      `**Check:** ${prose(title, 300)}`,
      `**Expected:** ${prose(expected)}`,
      `**Actual:** ${prose(actual)}`,
      ...(code === undefined ? [] : [`**Code:** ${prose(code, 100)}`]),
      ...(reason === undefined ? [] : [`**Reason:** ${prose(reason, 2000)}`]),
      ...(remedy === undefined ? [] : [`**Remedy:** ${prose(remedy, 2000)}`]),
      `**Evidence:** ${recordMarks(evidence)}`,
    ]),
  ].join('\n\n')
}

function troubleSection({ troubles }: Tally): string {
  if (troubles.length === 0) return ''
  const entries = troubles.map(({ code: name, during, seen, wanted, remedy }) =>
    [
      `### ‼ ${prose(name, 100)}, during ${prose(during, 100)}`,
      bullets([`**Seen:** ${prose(seen, 2000)}`, `**Wanted:** ${prose(wanted)}`, `**Remedy:** ${prose(remedy, 2000)}`]),
    ].join('\n\n'),
  )
  return ['## Trouble', ...entries].join('\n\n')
}

function reasonsSection(
  title: string,
  lead: string,
  checks: readonly { readonly check: string; readonly title: string; readonly reason: string }[],
): string {
  if (checks.length === 0) return ''
  const sorted = [...checks].sort((a, b) => (a.check < b.check ? -1 : 1))
  const rows = sorted.map(({ check, title, reason }) => [prose(check, 40), prose(title, 200), prose(reason, 300)])
  return [`## ${title}`, lead, table(['Id', 'Check', 'Reason'], rows)].join('\n\n')
}

function checksSection({ findings }: Tally): string {
  if (findings.length === 0) return ''
  const rows = [...findings]
    .sort(bySubject)
    .map(({ check, title, subject, expected, actual, verdict, evidence }) => [
      prose(subject, 120),
      prose(check, 40),
      prose(title, 200),
      verdictMark(verdict),
      prose(expected, 200),
      prose(actual, 300),
      recordMarks(evidence),
    ])
  const head = ['Subject', 'Id', 'Check', 'Verdict', 'Expected', 'Actual', 'Evidence']
  return ['## All checks', table(head, rows)].join('\n\n')
}

function notApplicableSection({ findings }: Tally): string {
  const own = findings.filter(({ verdict }) => verdict === 'n/a')
  const reasons = own.map(({ check, title, reason }) => ({ check, title, reason: reason ?? 'No reason was given.' }))
  return reasonsSection('Not applicable', 'Nothing to check on this target.', reasons)
}

/** What was asked, in the words in which it can be asked again. */
function observationsSection({ observations }: Tally): string {
  if (observations.length === 0) return ''
  const rows = observations.flatMap(({ seq, body }) =>
    body.asks.map(({ via, what, startedAt, durationMs, answer }, index) => [
      index === 0 ? recordMarks([seq]) : '',
      prose(body.fact, 60),
      prose(via, 20),
      code(what, 1000),
      answer === undefined ? prose(body.error ?? 'none', 200) : String(answer),
      `${Math.round(durationMs)} ms`,
      prose(startedAt.replace(/^.*T/, '').replace(/Z$/, ''), 20),
    ]),
  )
  const lead =
    'Each record is a line of `evidence.jsonl`, by its number; the answer is an HTTP status or an exit code; a mere connection (`connect`) has none.'
  const head = ['Record', 'Fact', 'By way of', 'Asked', 'Answer', 'Time', 'At (UTC)']
  return ['## What was asked', lead, table(head, rows)].join('\n\n')
}
