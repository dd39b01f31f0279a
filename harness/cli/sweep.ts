import type { SweepReport } from '../act/sweep/report.ts'
import { sweepDead } from '../act/sweep/sweep-dead.ts'
import { loadConfig } from '../config/load.ts'
import { type ExitName, worstExit } from '../core/exit.ts'
import { plain } from '../core/text.ts'
import { connect } from '../reach/connect.ts'
import { exitWhenForced, watchInterrupts } from '../run/interrupt.ts'
import type { Arguments, Surroundings } from './command.ts'
import { describeError } from './problem.ts'

/** `pvcheck sweep`: removes what runs left that are over, and prints each object; where there is none, nothing at all. */
export async function sweepCommand({ options }: Arguments, { terminal, env, cwd }: Surroundings): Promise<ExitName> {
  const [isDry, isLoud, isJson] = [options['dryRun'] === true, options['verbose'] === true, options['json'] === true]
  const note = (line: string): void => terminal.err(`${plain(line, 2_000)}\n`)

  using interrupt = watchInterrupts()
  exitWhenForced(interrupt, 10_000)
  const path = options['config']
  const { address, stateDir } = await loadConfig({ cwd, env, ...(path === undefined ? {} : { path: String(path) }) })
  await using connection = await connect(address, { signal: interrupt.stop, stateDir })
  const report = await sweepDead(connection, {
    stateDir,
    signal: interrupt.stop,
    isDry,
    onProgress: isLoud ? note : () => undefined,
    onPrice: note,
  })
  if (isJson) terminal.out(`${JSON.stringify({ dryRun: isDry, ...report }, null, 2)}\n`)
  else for (const line of linesOf(report, isDry)) terminal.out(`${line}\n`)
  for (const line of report.doubtful) note(`left alone: ${line}`)
  if (isLoud) {
    for (const { run, owner, until } of report.live)
      note(`live: run ${run} of ${owner}, until ${until} at the earliest`)
  }
  if (interrupt.stop.aborted) terminal.err(describeError(interrupt.stop.reason).text)
  return exitOf(report, interrupt.exit(), isDry)
}

function linesOf({ swept, left }: SweepReport, isDry: boolean): readonly string[] {
  return [
    ...swept.flatMap(({ run, owner, objects }) => [
      `run ${run} of ${plain(owner)}: ${isDry ? 'would be swept' : 'swept'}`,
      ...objects.map((object) => `  ${plain(object)}`),
    ]),
    ...left.map((line) => `left: ${plain(line, 2_000)}`),
  ]
}

/** An interrupt that leaves residue is residue. */
function exitOf({ left, doubtful }: SweepReport, interrupted: ExitName | undefined, isDry: boolean): ExitName {
  const states: readonly ExitName[] = [
    ...(left.length > 0 && !isDry ? ['residue' as const] : []),
    ...(doubtful.length > 0 ? ['unknown' as const] : []),
  ]
  const worst = worstExit(states)
  return interrupted !== undefined && worst !== 'residue' ? interrupted : worst
}
