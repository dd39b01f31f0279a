import { join } from 'node:path'
import { openActing } from '../act/life/open-acting.ts'
import type { Config } from '../config/load.ts'
import type { ExitName } from '../core/exit.ts'
import { censusChecks } from '../judge/census/census-checks.ts'
import { nothingLeftInSwarm } from '../judge/residue/nothing-left-in-swarm.ts'
import { objectsBefore } from '../model/facts/residue/objects-before.ts'
import { connect } from '../reach/connect.ts'
import { evidenceDir } from '../record/evidence/paths.ts'
import { newRunId } from '../record/evidence/run-id.ts'
import type { CensusReport } from '../record/report/census-report.ts'
import type { ActingParts } from './act-and-settle.ts'
import { type CensusWish, censusWork } from './census-work.ts'
import { clearTheWay } from './clear-the-way.ts'
import type { RunConsole } from './console.ts'
import type { Interrupt } from './interrupt.ts'
import { packageInfo } from './package-info.ts'
import { performRun } from './perform.ts'
import { named } from './verify.ts'

export interface CensusOptions extends Omit<CensusWish, 'runId' | 'onReport'> {
  readonly config: Config
  readonly command: string
  /** Whether a bundle is written. */
  readonly isKept: boolean
  readonly interrupt: Interrupt
  readonly console: RunConsole
}

export interface CensusOutcome {
  readonly exit: ExitName
  readonly runId: string
  /** Absent where not even a first reading could be had, or where the census was interrupted. */
  readonly report?: CensusReport
  /** The bundle's folder. */
  readonly dir?: string
}

/**
 * Takes a census of overlays, by walking or by asking alone, and judges it. Like every run it ends with what its records
 * say; it throws only where the evidence cannot be written.
 */
export async function runCensus(options: CensusOptions): Promise<CensusOutcome> {
  const { config, command, isKept, interrupt, console, ...wish } = options
  const runId = newRunId()
  let report: CensusReport | undefined
  const residueChecks = wish.isWalk ? acting.residueChecks : []
  const exit = await performRun({
    runId,
    command,
    version: packageInfo().version,
    config,
    connect,
    work: censusWork({
      ...wish,
      runId,
      onReport: (made) => {
        report = made
      },
    }),
    planned: [...censusChecks, ...residueChecks].map(named),
    leftOut: { checks: [], reason: '' },
    acting: wish.isWalk ? acting : undefined,
    isUnkept: !isKept,
    interrupt,
    console,
  })
  return {
    exit,
    runId,
    ...(report === undefined ? {} : { report }),
    ...(isKept ? { dir: join(evidenceDir(config.reportsDir), runId) } : {}),
  }
}

/** Deploys may go on meanwhile, and a canary has neither container nor network: only the Swarm is looked over. */
const acting: ActingParts = {
  clearTheWay,
  open: openActing,
  before: objectsBefore,
  residueChecks: [nothingLeftInSwarm],
}
