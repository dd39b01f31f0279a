/**
 * Global set-up of the specs under a bare `npx vitest run`: the same run as `pvcheck verify`, evidence and STATUS
 * included, but Vitest owns the process, and with it the signals.
 */
import type { TestProject } from 'vitest/node'
import { loadConfig } from '../config/load.ts'
import { messageOf, PvcheckError } from '../core/errors.ts'
import { exitCodes } from '../core/exit.ts'
import { checks } from '../judge/checks.ts'
import { connect } from '../reach/connect.ts'
import { newRunId } from '../record/evidence/run-id.ts'
import { neverInterrupted } from './interrupt.ts'
import { packageInfo } from './package-info.ts'
import { performRun } from './perform.ts'
import { type RunSpecs, workOfSpecs } from './serve-specs.ts'
import type { RunContext } from './session.ts'
import type { SuiteFault } from './suite.ts'
import { named, notAsking, reportRun } from './verify.ts'

/** Connects, and gives the workers what they need. Throws `RUN_NOT_STARTED` when the target cannot be reached. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const path = process.env['PVCHECK_CONFIG']
  const config = await loadConfig({
    cwd: process.cwd(),
    env: process.env,
    ...(path === undefined ? {} : { path }),
  })
  const specs = openSpecs()
  const runId = newRunId()
  const run = performRun({
    runId,
    command: 'vitest run',
    version: packageInfo().version,
    config,
    connect,
    planned: checks.map(named),
    leftOut: { checks: notAsking.map(named), reason: 'left out: specs that act run under `pvcheck verify` alone' },
    interrupt: neverInterrupted,
    console: { show: () => undefined, progress: () => undefined, say: () => undefined },
    work: workOfSpecs(specs.run),
  })
  const claimed = async (): Promise<string> => {
    const { claim, statusPath } = await reportRun(config, runId)
    return `${claim}\nstatus ${statusPath}`
  }
  const context = await Promise.race([specs.started, run.then(claimed)])
  if (typeof context === 'string') throw notStarted(context)
  project.provide('pvcheck', context)
  return async () => {
    specs.end()
    try {
      const exit = await run
      process.stdout.write(`${await claimed()}\n`)
      // A teardown that throws would leave Vitest's exit code at 0.
      process.exitCode ||= exitCodes[exit].code
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`)
      process.exitCode = exitCodes.internal.code
    }
  }
}

interface OpenSpecs {
  /** What the run hands to its specs: Vitest, not the run, starts and ends them. */
  readonly run: RunSpecs
  readonly started: Promise<RunContext>
  end(): void
}

function openSpecs(): OpenSpecs {
  let start: (context: RunContext) => void = () => undefined
  let end: (faults: readonly SuiteFault[]) => void = () => undefined
  const started = new Promise<RunContext>((resolve) => {
    start = resolve
  })
  const ended = new Promise<readonly SuiteFault[]>((resolve) => {
    end = resolve
  })
  return {
    started,
    run: (context) => {
      start(context)
      return ended
    },
    end: () => end([]),
  }
}

function notStarted(claim: string): PvcheckError {
  return new PvcheckError({
    code: 'RUN_NOT_STARTED',
    seen: claim,
    wanted: 'a connection to the target that is configured',
    remedy:
      'STATUS says what to do. Without PVCHECK_CONFIG and without a pvcheck.config file, the unit tests run alone.',
    exit: 'blocked',
  })
}
