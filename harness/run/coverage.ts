import type { ExitName } from '../core/exit.ts'
import type { RecordBody } from '../model/record.ts'

export interface Planned {
  readonly check: string
  readonly title: string
}

/** Which of the planned checks have been judged, and why the others were not. */
export interface Coverage {
  see(body: RecordBody): void
  /** The records that are missing when a run is over: a reason for each check that was never judged. */
  gaps(interrupted: ExitName | undefined): readonly RecordBody[]
}

export function createCoverage(planned: readonly Planned[]): Coverage {
  const accounted = new Set<string>()
  let findings = 0
  let cause: string | undefined
  return {
    see: (body) => {
      if (body.kind === 'finding') findings += 1
      if (body.kind === 'finding' || body.kind === 'skip') accounted.add(body.check)
      if (body.kind === 'trouble') cause ??= body.code
    },
    gaps: (interrupted) => {
      const missing = planned.filter(({ check }) => !accounted.has(check))
      if (interrupted !== undefined) return missing.map(skipped(`the run was ${interrupted} before it was judged`))
      if (cause !== undefined) return missing.map(skipped(`not judged, because of ${cause}`))
      if (findings === 0) return [nothingExecuted, ...missing.map(skipped('no check ran at all'))]
      if (missing.length === 0) return []
      return [checksMissing(missing), ...missing.map(skipped('it was planned, and no spec judged it'))]
    },
  }
}

function skipped(reason: string): (planned: Planned) => RecordBody {
  return ({ check, title }) => ({ kind: 'skip', check, title, reason })
}

const nothingExecuted: RecordBody = {
  kind: 'trouble',
  code: 'RUN_NOTHING_EXECUTED',
  seen: 'the run ended without judging a single check',
  wanted: 'at least one finding: an empty run proves nothing',
  remedy: 'Look at what the specs printed; a damaged installation has no specs.',
  during: 'specs',
  exit: 'empty',
}

function checksMissing(missing: readonly Planned[]): RecordBody {
  return {
    kind: 'trouble',
    code: 'RUN_CHECKS_MISSING',
    seen: `${missing.length} planned checks were never judged: ${missing.map(({ check }) => check).join(', ')}`,
    wanted: 'a finding for each check that was planned',
    remedy: 'This is a fault of the specs: report it.',
    during: 'specs',
    exit: 'unknown',
  }
}
