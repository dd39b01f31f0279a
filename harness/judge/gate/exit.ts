import { type ExitName, exitCodes, worstExit } from '../../core/exit.ts'
import type { Finding } from '../../model/finding.ts'
import type { RecordBody } from '../../model/record.ts'
import type { Verdict } from '../../model/verdict.ts'

const exitOfVerdict: Record<Verdict, ExitName | undefined> = {
  pass: 'pass',
  waived: 'pass',
  unknown: 'unknown',
  blocked: 'blocked',
  fail: 'failed',
  'n/a': undefined,
}

/**
 * How a run ends by what it recorded. A planned check without a finding is unknown, whatever was said of its skip; a run
 * that judged nothing ends as its troubles say, or `empty`. Of an interrupt the records know nothing.
 */
export function exitOf(bodies: readonly RecordBody[]): ExitName {
  const judged = bodies.flatMap((body) => (body.kind === 'finding' ? (exitOfFinding(body) ?? []) : []))
  const troubles = bodies.flatMap((body) => (body.kind === 'trouble' ? [exitOfTrouble(body.exit)] : []))
  if (judged.length === 0) return troubles.length > 0 ? worstExit(troubles) : 'empty'
  const unjudged = checksNotJudged(bodies).length > 0
  return worstExit([...judged, ...troubles, ...(unjudged ? (['unknown'] as const) : [])])
}

/** What a run left behind, or changed, weighs more than anything else that it found. */
function exitOfFinding({ check, verdict }: Pick<Finding, 'check' | 'verdict'>): ExitName | undefined {
  return verdict === 'fail' && check.startsWith('PV-RES-') ? 'residue' : exitOfVerdict[verdict]
}

function exitOfTrouble(name: string | undefined): ExitName {
  return isExit(name) && name !== 'pass' ? name : 'unknown'
}

function isExit(name: string | undefined): name is ExitName {
  return name !== undefined && Object.hasOwn(exitCodes, name)
}

/** The planned checks that have no finding: what a run set out to do and did not. */
export function checksNotJudged(bodies: readonly RecordBody[]): { readonly check: string; readonly title: string }[] {
  const judged = new Set<string>(bodies.flatMap((body) => (body.kind === 'finding' ? [body.check] : [])))
  return bodies.flatMap((body) => (body.kind === 'run' ? body.planned : [])).filter(({ check }) => !judged.has(check))
}
