import type { Fact } from '../../model/fact.ts'
import { runDeeds } from '../../model/facts/run-deeds.ts'
import { deadRuns, type Swept, settled } from '../../model/facts/sweeps.ts'
import { type ThrowawayBatch, throwawayBatch } from '../../model/facts/throwaway-batch.ts'
import type { Finding } from '../../model/finding.ts'
import { type Verdict, worstVerdict } from '../../model/verdict.ts'
import { bullets, code, prose } from './markdown.ts'
import type { Tally } from './tally.ts'
import { recordMarks, verdictMark } from './words.ts'

const residue = 'PV-RES-'
const foreign = 'PV-RES-004'

/** What a run did to the target, for a reader in a hurry; nothing where it only asked. */
export function deedsSection(tally: Tally): string {
  const before = kept(tally, deadRuns)
  const batch = kept(tally, throwawayBatch)
  const after = kept(tally, settled)
  if (before === undefined && batch === undefined && after === undefined) return ''
  const items = [
    ...sweptItems('Swept before it began', before, 'nothing: no dead run had left anything'),
    `**Created:** ${batch === undefined ? deedsLine(kept(tally, runDeeds)) : batchLine(batch)}`,
    ...sweptItems('Swept when its specs were over', after, 'nothing: whatever was created was gone already'),
    `**Left:** ${residueLine(tally)}`,
    ...changedItems(tally),
  ]
  return ['## What the run did', bullets(items)].join('\n\n')
}

interface Kept<T> {
  readonly seq: number
  readonly value: T
}

function kept<T>({ observations }: Tally, fact: Fact<T>): Kept<T> | undefined {
  const last = observations.findLast(({ body }) => body.fact === fact.name)
  const parsed = fact.schema.safeParse(last?.body.raw)
  return last === undefined || !parsed.success ? undefined : { seq: last.seq, value: parsed.data }
}

function sweptItems(title: string, sweep: Kept<Swept> | undefined, nothing: string): readonly string[] {
  if (sweep === undefined) return []
  const { swept, live, left, doubtful } = sweep.value
  const mark = recordMarks([sweep.seq])
  const gone = swept.map(({ run, owner, objects }) => `${named(objects)}, of the run ${code(run)} of ${code(owner)}`)
  return [
    `**${title}:** ${gone.length === 0 ? nothing : gone.join('; ')} ${mark}`,
    ...(left.length === 0 ? [] : [`**Could not be removed:** ${named(left)} ${mark}`]),
    ...(doubtful.length === 0 ? [] : [`**Left alone, for nobody can tell whose it is:** ${named(doubtful)} ${mark}`]),
    ...live.map(
      ({ run, owner, until }) => `**Left alone:** the run ${code(run)} of ${code(owner)}, live until ${code(until)}`,
    ),
  ]
}

/** A long list is in the evidence. */
const maxNamed = 12

function named(texts: readonly string[]): string {
  const shown = texts.slice(0, maxNamed).map((text) => code(text, 200))
  return texts.length > maxNamed ? `${shown.join(', ')} and ${texts.length - maxNamed} more` : shown.join(', ')
}

function batchLine({ seq, value: { stacks, mostAtOnce, wallMs } }: Kept<ThrowawayBatch>): string {
  const created = stacks.filter(({ removal }) => removal !== 'nothing').length
  const ran = stacks.filter(({ runningMs }) => runningMs !== undefined).length
  const left = stacks.filter(({ removal }) => removal === 'left').length
  const seconds = (wallMs / 1000).toFixed(1)
  return [
    `${created} of ${stacks.length} throwaway stacks`,
    `${ran} ran, at most ${mostAtOnce} at once`,
    `${created - left} removed by the specs${left === 0 ? '' : `, ${left} left to the sweep`}`,
    `${seconds} s in all ${recordMarks([seq])}`,
  ].join('; ')
}

/** Of a batch that never said how it ended, the intents tell at least what may have been created. */
function deedsLine(
  deeds: Kept<{ readonly deeds: readonly { readonly kind: string; readonly name: string }[] }> | undefined,
): string {
  if (deeds === undefined) return 'nothing'
  const names = deeds.value.deeds.map(({ kind, name }) => `${kind} ${name}`)
  return names.length === 0 ? 'nothing' : `at most ${named(names)}; it was cut short ${recordMarks([deeds.seq])}`
}

function residueLine({ findings, notJudged }: Tally): string {
  const own = findings.filter(({ check }) => check.startsWith(residue))
  const open = notJudged.filter(({ check }) => check.startsWith(residue))
  if (own.length === 0) return open.length === 0 ? 'nobody looked' : prose(`not judged: ${open[0]?.reason ?? ''}`, 300)
  const worst = worstVerdict(own.map(({ verdict }) => verdict))
  const bad = own.filter(({ verdict }) => !harmless.has(verdict))
  const what =
    bad.length === 0 ? 'nothing' : bad.map(({ check, subject }) => `${prose(check)} ${code(subject, 120)}`).join(', ')
  const checks = [...new Set(own.map(({ check }) => check))].sort().map((id) => prose(id, 40))
  return `${what} (${verdictMark(worst)}: ${checks.join(', ')}${open.length === 0 ? '' : '; others were not judged'})`
}

const harmless: ReadonlySet<Verdict> = new Set(['pass', 'waived', 'n/a'])

/** What somebody else did meanwhile: explained, and so no failure, but worth knowing. */
function changedItems({ findings }: Tally): readonly string[] {
  const explained = findings.filter(
    ({ check, verdict, reason }) => check === foreign && verdict === 'pass' && reason !== undefined,
  )
  return explained.map(({ subject, actual, reason = '', evidence }: Finding) => {
    return `**Changed meanwhile:** ${code(subject, 120)}: ${prose(actual, 300)} (${prose(reason, 300)}) ${recordMarks(evidence)}`
  })
}
