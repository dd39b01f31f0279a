import { relative, resolve } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { type ExitName, exitCodes } from '../core/exit.ts'
import { plain } from '../core/text.ts'
import { renderPrometheus } from '../record/report/prometheus.ts'
import { type CensusOutcome, runCensus } from '../run/census.ts'
import { exitWhenForced, type Interrupt, watchInterrupts } from '../run/interrupt.ts'
import { createPaint } from '../run/paint.ts'
import { createCensusConsole } from './census/console.ts'
import { detailsOf } from './census/details.ts'
import { findingLines } from './census/findings.ts'
import { jsonOf } from './census/json.ts'
import { proveWritable, writeMetrics } from './census/metrics-file.ts'
import { notesOf } from './census/notes.ts'
import { type Style, showsUnicode } from './census/style.ts'
import { tableOf } from './census/table.ts'
import { wrapped } from './census/wrap.ts'
import type { Arguments, Surroundings } from './command.ts'
import { usageError } from './problem.ts'

/** `pvcheck census [network...]`: who holds the addresses of each overlay, which are leaked, and how long they last. */
export async function censusCommand(given: Arguments, { terminal, env, cwd }: Surroundings): Promise<ExitName> {
  const { words, options } = given
  const isWalk = options['walk'] === true
  const isJson = options['json'] === true
  const window = windowOf(options['window'], isWalk)
  const metrics = options['prom'] === undefined ? undefined : resolve(cwd, String(options['prom']))
  if (metrics !== undefined) await proveWritable(metrics)

  using interrupt = watchInterrupts()
  exitWhenForced(interrupt, 10_000)
  const { config: path, reports } = options
  const loaded = await loadConfig({ cwd, env, ...(path === undefined ? {} : { path: String(path) }) })
  const config = reports === undefined ? loaded : { ...loaded, reportsDir: resolve(cwd, String(reports)) }
  // Progress is for a person; where standard output is for a machine, on the other stream.
  const isShown = terminal.columns !== undefined && !isJson
  const console = createCensusConsole(isShown ? terminal.out : terminal.err, {
    columns: isShown ? terminal.columns : undefined,
  })
  const outcome = await runCensus({
    ...{ config, words, isWalk, interrupt, console },
    ...(window === undefined ? {} : { window }),
    command: commandOf(given),
    // Who only looks, and has not said where evidence goes, leaves no trace in the current folder.
    isKept: isWalk || config.path !== undefined || reports !== undefined,
    onProgress: console.onProgress,
  })
  console.clear()
  const { exit, report } = outcome
  if (metrics !== undefined) await writeMetrics(metrics, renderPrometheus(report, exitCodes[exit].code))
  const style: Style = {
    paint: createPaint(terminal.color),
    columns: terminal.columns,
    isUnicode: showsUnicode(env, terminal.columns !== undefined),
    isVerbose: options['verbose'] === true,
  }
  if (isJson) {
    const { bodies } = console
    terminal.out(`${JSON.stringify(jsonOf({ outcome, exit, bodies, isVerbose: style.isVerbose }), null, 2)}\n`)
  } else {
    const lines = linesOf(outcome, findingLines(console.bodies, report, style), style, cwd)
    if (lines.length > 0) terminal.out(`${lines.join('\n')}\n`)
  }
  const ending = endingOf(interrupt, exit, isWalk)
  if (ending !== undefined) terminal.err(`${ending}\n`)
  return exit
}

function linesOf(
  { report, dir, exit }: CensusOutcome,
  findings: readonly string[],
  style: Style,
  cwd: string,
): readonly string[] {
  const { columns } = style
  const wrap = (line: string): readonly string[] => wrapped(line, columns)
  const table =
    report === undefined
      ? []
      : report.networks.length === 0
        ? ['The Swarm has no overlay.']
        : [
            ...tableOf(report.networks, style),
            ...(style.isVerbose ? report.networks.flatMap(detailsOf).flatMap(wrap) : []),
          ]
  const notes = report === undefined ? [] : notesOf(report)
  return [
    ...table,
    ...(findings.length === 0 ? [] : ['', ...findings.flatMap(wrap)]),
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap(wrap)]),
    ...(report === undefined ? [] : ['']),
    ...(dir === undefined ? [] : [`evidence  ${shown(cwd, dir)}`]),
    ...(report === undefined ? [] : [`exit      ${exitCodes[exit].code}: ${exitCodes[exit].meaning}`]),
  ]
}

/** What somebody who has pressed Ctrl-C, or whose host keeps something, has to know. */
function endingOf(interrupt: Interrupt, exit: ExitName, isWalk: boolean): string | undefined {
  if (exit === 'residue') return 'Something of the walk is still there: `pvcheck sweep -v` says what, and removes it.'
  if (interrupt.exit() === undefined) return undefined
  return isWalk
    ? 'Interrupted: all that the walk had created has been removed.'
    : 'Interrupted: nothing had been created.'
}

function windowOf(given: unknown, isWalk: boolean): number | undefined {
  if (given === undefined) return undefined
  const window = Number(given)
  if (!Number.isSafeInteger(window) || window < 1)
    throw usageError(`--window ${plain(String(given), 40)}`, 'how many addresses to walk, 1 or more')
  if (!isWalk) throw usageError('--window without --walk', '--walk --window N: only a walk has one')
  return window
}

/** As a person would type it. */
function commandOf({ words, options }: Arguments): string {
  const window = options['window'] === undefined ? [] : ['--window', String(options['window'])]
  return ['pvcheck', 'census', ...words, ...(options['walk'] === true ? ['--walk'] : []), ...window].join(' ')
}

function shown(cwd: string, path: string): string {
  const near = relative(cwd, path)
  return near.startsWith('..') ? path : near
}
