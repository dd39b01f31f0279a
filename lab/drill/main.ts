import { parseArgs } from 'node:util'
import { PvcheckError } from '../../harness/core/errors.ts'
import { type ExitName, exitCodes } from '../../harness/core/exit.ts'
import { packageRoot } from '../host/asset.ts'
import type { BundleReader } from './bundle-reader.ts'
import { performDrill } from './perform.ts'
import type { FinishedCase } from './progress.ts'
import { drills } from './registry.ts'
import { statusOf } from './status.ts'
import { seconds, tallyOf } from './tally.ts'

const usage =
  'npm run drill [status | <name> -- --seed <seed> [--count <n> | --only <case>] [--hosts <n>] | <name> -- --resume [--hosts <n>]]'

/** `npm run drill`: lists the drills, says how their records stand, or runs one. Returns the exit code. */
export async function main(argv: readonly string[], readBundle: BundleReader): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => stop.abort(new Error(`the drill received ${name}`)))
  }
  try {
    return exitCodes[await dispatch(argv, { say, signal: stop.signal, readBundle })].code
  } catch (error) {
    if (stop.signal.aborted) {
      say('interrupted; `npm run drill <name> -- --resume` goes on with it')
      return exitCodes.interrupted.code
    }
    if (!(error instanceof PvcheckError)) throw error
    say(`${error.code}: ${error.seen}\n  wanted  ${error.wanted}\n  remedy  ${error.remedy}`)
    return exitCodes[error.exit].code
  }
}

interface Means {
  readonly say: (line: string) => void
  readonly signal: AbortSignal
  readonly readBundle: BundleReader
}

async function dispatch(argv: readonly string[], { say, signal, readBundle }: Means): Promise<ExitName> {
  const { name, seed, count, only, resume, hosts } = argumentsOf(argv)
  const root = packageRoot()
  if (name === undefined) {
    for (const drill of drills) say(`${drill.name}  ${drill.fullCount} cases  ${drill.proves}`)
    say(`\n${usage}`)
    return 'pass'
  }
  if (name === 'status') {
    const all = await statusOf(root, drills)
    for (const { line } of all) say(line)
    return all.every(({ state }) => state === 'fits') ? 'pass' : 'stale'
  }
  const drill = drills.find((one) => one.name === name)
  if (drill === undefined) throw wrongUsage(`there is no drill "${name}"`)
  const performed = await performDrill(drill, {
    root,
    drills,
    seed,
    count,
    only,
    resume,
    hosts,
    signal,
    progress: say,
    readBundle,
  })
  say(summaryOf(drill.measures ?? 'recovery', performed.finished))
  say(performed.recordPath === undefined ? 'no record: these were not all of its cases' : performed.recordPath)
  return performed.finished.every(({ failures }) => failures.length === 0) ? 'pass' : 'failed'
}

function summaryOf(measures: string, finished: readonly FinishedCase[]): string {
  const { cases, failures, recoveryMs } = tallyOf(finished)
  return `${cases} cases, ${failures.length} failures; ${measures}: median ${seconds(recoveryMs.median)}, slowest ${seconds(recoveryMs.slowest)} (${recoveryMs.slowestCase})`
}

function argumentsOf(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const options = { seed: text, count: text, only: text, hosts: text, resume: { type: 'boolean' } } as const
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    const [name, extra] = positionals
    if (extra !== undefined) throw new Error(`an extra word: ${extra}`)
    return {
      name,
      seed: values.seed,
      count: numberOf('count', values.count),
      only: values.only,
      hosts: numberOf('hosts', values.hosts) ?? 1,
      resume: values.resume === true,
    }
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error))
  }
}

function numberOf(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const number = Number(given)
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`--${name} ${given}`)
}

function wrongUsage(seen: string): PvcheckError {
  return new PvcheckError({
    code: 'DRILL_USAGE',
    seen,
    wanted: usage,
    remedy: 'Without a word it lists the drills.',
    exit: 'usage',
  })
}
