import { relative } from 'node:path'
import { type ExitName, exitCodes } from '../core/exit.ts'
import { plain } from '../core/text.ts'
import type { Finding } from '../model/finding.ts'
import type { EvidenceRecord, RecordBody } from '../model/record.ts'
import { isGreen, type Verdict, verdicts } from '../model/verdict.ts'
import { createPaint } from './paint.ts'

/** A run that is over, as its evidence tells it. */
export interface Verified {
  readonly exit: ExitName
  readonly runId: string
  /** The bundle's folder. */
  readonly dir: string
  readonly records: readonly EvidenceRecord[]
  readonly statusPath: string
  /** The first line of STATUS. */
  readonly claim: string
}

export interface SummaryOptions {
  readonly color: boolean
  readonly cwd: string
  readonly elapsedMs: number
  readonly columns: number | undefined
  /** What a person may wonder about, one sentence each. */
  readonly notes?: readonly string[]
}

/** How many lines what is wrong may take: the summary is to fit a screen of 24 lines. */
const maxRed = 8

/** The end of a run on one screen: the claim, what is wrong, where it is written, and what to type next. */
export function summaryOf(
  verified: Verified,
  { color, cwd, elapsedMs, columns = 120, notes = [] }: SummaryOptions,
): string {
  const paint = createPaint(color)
  const bodies = verified.records.map(({ body }) => body)
  const lines = [
    '',
    paint('bold', plain(verified.claim)),
    `  ${countsLine(bodies)}  in ${(elapsedMs / 1_000).toFixed(1)} s`,
    ...firstOf(redLines(bodies)).map((line) => cut(`  ${line}`, columns)),
    '',
    `  status    ${shown(cwd, verified.statusPath)}`,
    `  evidence  ${shown(cwd, verified.dir)}`,
    `  exit      ${exitCodes[verified.exit].code}: ${exitCodes[verified.exit].meaning}`,
    ...notes.map((note) => `  note      ${note}`),
    `  next      ${nextStep(verified, cwd)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** The same for a machine. */
export function jsonOf({ exit, runId, dir, records, statusPath, claim }: Verified): Readonly<Record<string, unknown>> {
  const bodies = records.map(({ body }) => body)
  return {
    run: runId,
    exit: exitCodes[exit].code,
    exitName: exit,
    claim,
    counts: countsOf(bodies),
    findings: bodies.flatMap(({ kind, ...finding }) => (kind === 'finding' ? [finding] : [])),
    skipped: bodies.flatMap(({ kind, ...skip }) => (kind === 'skip' ? [skip] : [])),
    troubles: bodies.flatMap(({ kind, ...trouble }) => (kind === 'trouble' ? [trouble] : [])),
    status: statusPath,
    evidence: dir,
  }
}

function countsOf(bodies: readonly RecordBody[]): Readonly<Record<Verdict | 'skipped', number>> {
  const count = (verdict: Verdict): number => findingsOf(bodies).filter((finding) => finding.verdict === verdict).length
  const [pass, waived, unknown, blocked, fail, notApplicable] = verdicts.map(count)
  const zero = (value: number | undefined): number => value ?? 0
  return {
    pass: zero(pass),
    waived: zero(waived),
    unknown: zero(unknown),
    blocked: zero(blocked),
    fail: zero(fail),
    'n/a': zero(notApplicable),
    skipped: bodies.filter(({ kind }) => kind === 'skip').length,
  }
}

function countsLine(bodies: readonly RecordBody[]): string {
  const always = new Set(['pass', 'fail', 'unknown'])
  return Object.entries(countsOf(bodies))
    .filter(([name, count]) => count > 0 || always.has(name))
    .map(([name, count]) => `${count} ${name}`)
    .join(' · ')
}

function redLines(bodies: readonly RecordBody[]): string[] {
  const troubles = bodies.flatMap((body) => (body.kind === 'trouble' ? [`‼ ${body.code}  ${plain(body.seen)}`] : []))
  const order: readonly Verdict[] = ['fail', 'blocked', 'unknown']
  const findings = findingsOf(bodies)
    .filter(({ verdict }) => !isGreen(verdict))
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .map(({ verdict, check, subject, actual }) => {
      const mark = verdict === 'fail' ? '✗' : verdict === 'blocked' ? '‼' : '?'
      return `${mark} ${check}  ${plain(subject)}: ${plain(actual)}`
    })
  return [...troubles, ...findings]
}

function firstOf(lines: readonly string[]): readonly string[] {
  if (lines.length <= maxRed) return lines
  return [...lines.slice(0, maxRed - 1), `and ${lines.length - maxRed + 1} more, in STATUS`]
}

function findingsOf(bodies: readonly RecordBody[]): readonly Finding[] {
  return bodies.flatMap((body) => (body.kind === 'finding' ? [body] : []))
}

function nextStep({ exit, statusPath }: Verified, cwd: string): string {
  const status = `less ${shown(cwd, statusPath)}`
  if (exit === 'pass') return status
  if (exit === 'residue') return `pvcheck sweep -v, with the same configuration; then ${status}`
  if (exit === 'interrupted' || exit === 'terminated')
    return 'run it again: what was seen until then is in the evidence'
  return `${status}, follow the remedies, and run it again`
}

/** As short as it can be typed from here. */
function shown(cwd: string, path: string): string {
  const near = relative(cwd, path)
  return near.startsWith('..') ? path : near
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`
}
