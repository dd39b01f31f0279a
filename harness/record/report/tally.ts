import { checksNotJudged } from '../../judge/gate/exit.ts'
import type { Finding } from '../../model/finding.ts'
import type { EvidenceRecord, Fingerprint, RecordBody } from '../../model/record.ts'
import { type Verdict, worstVerdict } from '../../model/verdict.ts'

type Body<K extends RecordBody['kind']> = Extract<RecordBody, { kind: K }>

/** What a run's records say, by kind. */
export interface Tally {
  readonly run: Body<'run'> | undefined
  readonly host: Fingerprint | undefined
  readonly end: Body<'end'> | undefined
  readonly findings: readonly Finding[]
  readonly troubles: readonly Body<'trouble'>[]
  readonly observations: readonly { readonly seq: number; readonly body: Body<'observation'> }[]
  /** Planned and not judged, with the reason where one was given: never green. */
  readonly notJudged: readonly { readonly check: string; readonly title: string; readonly reason: string }[]
  /** Left out by choice: not planned at all. */
  readonly leftOut: readonly Body<'skip'>[]
  /** By check, the worst of its findings. */
  readonly verdicts: ReadonlyMap<string, Verdict>
}

export function tallyOf(records: readonly EvidenceRecord[]): Tally {
  const bodies = records.map(({ body }) => body)
  const findings = bodies.filter((body) => body.kind === 'finding')
  const skips = bodies.filter((body) => body.kind === 'skip')
  const planned = new Set(bodies.flatMap((body) => (body.kind === 'run' ? body.planned : [])).map(({ check }) => check))
  const reasons = new Map(skips.map(({ check, reason }) => [check, reason]))
  const observations = records.flatMap(({ seq, body }) => (body.kind === 'observation' ? [{ seq, body }] : []))
  return {
    run: bodies.find((body) => body.kind === 'run'),
    host: bodies.findLast((body) => body.kind === 'host')?.fingerprint,
    end: bodies.findLast((body) => body.kind === 'end'),
    findings,
    troubles: bodies.filter((body) => body.kind === 'trouble'),
    observations,
    notJudged: checksNotJudged(bodies).map(({ check, title }) => {
      return { check, title, reason: reasons.get(check) ?? 'It was planned, and the run never came to it.' }
    }),
    leftOut: skips.filter(({ check }) => !planned.has(check)),
    verdicts: verdictsOf(findings),
  }
}

function verdictsOf(findings: readonly Finding[]): Map<string, Verdict> {
  const byCheck = new Map<string, Verdict[]>()
  for (const { check, verdict } of findings) byCheck.set(check, [...(byCheck.get(check) ?? []), verdict])
  return new Map([...byCheck].map(([check, group]) => [check, worstVerdict(group)]))
}
