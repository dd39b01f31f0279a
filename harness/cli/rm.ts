import { removeOver } from '../act/remove/over-connection.ts'
import { readSwarm } from '../act/remove/read-swarm.ts'
import type { Outcome } from '../act/remove/remove-stacks.ts'
import { loadConfig } from '../config/load.ts'
import { messageOf, PvcheckError } from '../core/errors.ts'
import { type ExitName, worstExit } from '../core/exit.ts'
import { plain } from '../core/text.ts'
import { describePlan } from '../judge/removal/describe-plan.ts'
import type { RemovalPlan } from '../judge/removal/plan.ts'
import { planRemoval } from '../judge/removal/plan-removal.ts'
import { connect } from '../reach/connect.ts'
import { exitWhenForced, watchInterrupts } from '../run/interrupt.ts'
import type { Arguments, Surroundings } from './command.ts'
import { describeError, usageError } from './problem.ts'

/**
 * `pvcheck rm <stack...>`: prints the plan, and what it costs first; with `--yes` removes, and prints what became of each
 * stack. A stack that is not there any more is removed already.
 */
export async function rmCommand(given: Arguments, { terminal, env, cwd }: Surroundings): Promise<ExitName> {
  const { words, options } = given
  const [isDry, isMeant] = [options['dryRun'] === true, options['yes'] === true]
  if (words.length === 0) throw usageError('no stack was named', 'pvcheck rm <stack...>')
  if (isDry && isMeant) throw usageError('--dry-run and --yes at once', 'one of them')
  const isJson = options['json'] === true
  const say = (line: string): void => (isJson ? terminal.err : terminal.out)(`${plainLine(line)}\n`)

  using interrupt = watchInterrupts()
  exitWhenForced(interrupt, 10_000)
  const path = options['config']
  const { address, stateDir } = await loadConfig({ cwd, env, ...(path === undefined ? {} : { path: String(path) }) })
  await using connection = await connect(address, { signal: interrupt.stop, stateDir })
  const signal = AbortSignal.any([interrupt.stop, connection.signal])
  const plan = planRemoval(words, await readSwarm(connection.target.engine, signal))
  for (const line of describePlan(plan)) say(line)
  const print = (outcomes: readonly Outcome[]): void => {
    if (isJson) terminal.out(`${JSON.stringify({ plan, outcomes: outcomes.map(asJson) }, null, 2)}\n`)
  }
  if (!isMeant) {
    if (plan.stacks.length > 0) say('nothing was removed; with --yes it is')
    print([])
    const unknown: readonly ExitName[] = plan.unknown.length === 0 ? [] : ['empty']
    return worstExit([...refusalsIn(plan), ...unknown, ...(isDry ? [] : ['empty' as const])])
  }
  const last = new Map<string, string>()
  const outcomes = await removeOver(connection, plan, {
    signal: interrupt.stop,
    onProgress: (stack, what) => {
      last.set(stack, what)
      say(`${stack}: ${what}`)
    },
  })
  for (const outcome of outcomes) {
    for (const line of linesOf(outcome, last.get(outcome.stack))) say(line)
    if ('error' in outcome) terminal.err(describeError(outcome.error).text)
  }
  print(outcomes)
  return worstExit([...outcomes.map(exitOfOne), ...refusalsIn(plan)])
}

function asJson(outcome: Outcome): object {
  return 'error' in outcome ? { ...outcome, error: messageOf(outcome.error) } : outcome
}

function linesOf(outcome: Outcome, last = 'nothing was asked yet'): readonly string[] {
  const { stack, state } = outcome
  if (state === 'removed') return [`${stack}: removed`]
  if (state === 'refused') return [`${stack}: not removed: ${outcome.why}`]
  if (state === 'left') {
    return [`${stack}: removed but for`, ...[...outcome.left.held, ...outcome.left.objects].map((line) => `  ${line}`)]
  }
  return [`${stack}: not removed to its end; the same command goes on from there`, `  last seen: ${last}`]
}

function refusalsIn({ stacks }: RemovalPlan): readonly ExitName[] {
  return stacks.some(({ refusal }) => refusal !== undefined) ? ['blocked'] : []
}

/** A stack that is half removed is residue, whoever stopped it. */
function exitOfOne(outcome: Outcome): ExitName {
  const { state } = outcome
  if (state === 'left' || state === 'interrupted') return 'residue'
  if (state === 'refused') return 'blocked'
  if (state === 'removed') return 'pass'
  return outcome.error instanceof PvcheckError ? outcome.error.exit : 'internal'
}

/** Names are the host's, the indent is ours; and a line of a plan may name many things. */
function plainLine(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? ''
  return indent + plain(line, 2_000)
}
