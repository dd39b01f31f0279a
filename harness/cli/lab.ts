import { type EngineName, engineNames } from '../../lab/host/engines.ts'
import { labDown, labExec, labHeal, labSabotage, labStatus, labUp } from '../../lab/lab.ts'
import type { ExitName } from '../core/exit.ts'
import { plain } from '../core/text.ts'
import { exitWhenForced, watchInterrupts } from '../run/interrupt.ts'
import type { Arguments, Surroundings } from './command.ts'
import { usageError } from './problem.ts'

type Given = Arguments & { readonly name: string | undefined; readonly signal: AbortSignal }
type Action = (given: Given, surroundings: Surroundings) => Promise<ExitName | number>

const actions: Readonly<Record<string, Action>> = { up, down, exec, status, sabotage, heal }
/** The actions that take a word of their own. */
const worded: readonly string[] = ['sabotage', 'heal']

/** `pvcheck lab <action>`. A signal stops it, and what is half made is removed. */
export async function labCommand(given: Arguments, surroundings: Surroundings): Promise<ExitName | number> {
  const [actionName, ...words] = given.words
  const action = actionName === undefined ? undefined : actions[actionName]
  if (actionName === undefined || action === undefined) {
    const seen = actionName === undefined ? 'no action was given' : `there is no action "lab ${actionName}"`
    throw usageError(seen, `one of: ${Object.keys(actions).join(', ')}`)
  }
  // `lab down NAME` must not remove another one than was meant.
  const extra = words[worded.includes(actionName) ? 1 : 0]
  if (extra !== undefined)
    throw usageError(`an extra word: ${extra}`, 'the name of a lab after --name, and no other word')
  using interrupt = watchInterrupts({ graceMs: 60_000 })
  // What is half made then stays; the next `lab up` or `lab down` removes it.
  exitWhenForced(interrupt, 0)
  const name = given.options['name']
  // Awaited here: what leaves this function stops listening.
  return await action(
    { ...given, words, name: name === undefined ? undefined : String(name), signal: interrupt.stop },
    surroundings,
  )
}

async function up({ name, options, signal }: Given, { terminal }: Surroundings): Promise<ExitName> {
  const json = options['json'] === true
  const machine = await labUp({
    ...(name === undefined ? {} : { name }),
    ...(options['engine'] === undefined ? {} : { engine: engineGiven(options['engine']) }),
    beforeFix: options['beforeFix'] === true,
    incident: options['incident'] === true,
    ...(options['refreshMs'] === undefined ? {} : { refreshMs: milliseconds(options['refreshMs']) }),
    signal,
    progress: (line) => terminal.err(`${plain(line)}\n`),
  })
  const config = `${machine.dir}/pvcheck.config.json`
  if (json)
    terminal.out(`${JSON.stringify({ name: machine.name, dir: machine.dir, address: machine.address, config })}\n`)
  else {
    terminal.out(`${machine.name} is up at ${machine.address}\n`)
    terminal.out(`  verify it    pvcheck verify --read-only --config ${config} --reports reports\n`)
    terminal.out(`  look inside  pvcheck lab exec --name ${machine.name} docker service ls\n`)
    terminal.out(`  remove it    pvcheck lab down --name ${machine.name}\n`)
  }
  return 'pass'
}

async function down({ name, options, signal }: Given, { terminal }: Surroundings): Promise<ExitName> {
  const names = (await labStatus()).map((lab) => lab.name)
  if (name === undefined && options['all'] !== true && names.length > 1) {
    throw usageError(`there are several labs: ${names.join(', ')}`, '--name <name>, or --all')
  }
  const which = name === undefined ? 'all' : { name }
  const removed = await labDown({ which, signal, progress: (line) => terminal.out(`${plain(line)}\n`) })
  if (removed.length === 0) terminal.out('there is no lab\n')
  return 'pass'
}

async function exec({ name, rest, signal }: Given): Promise<number> {
  if (rest.length === 0) throw usageError('no command was given', 'pvcheck lab exec [--name <name>] <command...>')
  return labExec(name, rest, { signal })
}

async function status({ name, options }: Given, { terminal }: Surroundings): Promise<ExitName> {
  const all = await labStatus()
  const labs = all.filter((lab) => name === undefined || lab.name === name)
  if (name !== undefined && labs.length === 0) {
    throw usageError(`there is no lab called ${name}`, all.map((lab) => lab.name).join(', ') || 'a lab; there is none')
  }
  if (options['json'] === true) {
    terminal.out(`${JSON.stringify(labs, null, 2)}\n`)
    return 'pass'
  }
  if (labs.length === 0) terminal.out('there is no lab; `pvcheck lab up` makes one\n')
  for (const { name, state, address = '-', engine, uptimeMs, sabotages } of labs) {
    const uptime = uptimeMs === undefined ? '' : `  up ${Math.round(uptimeMs / 1_000)} s`
    const broken = sabotages.length === 0 ? '' : `  sabotaged: ${sabotages.join(', ')}`
    const version = engine === undefined ? '' : `  Docker ${engine}`
    terminal.out(`${name}  ${state}  ${address}${version}${uptime}${broken}\n`)
  }
  return 'pass'
}

async function sabotage({ name, words, signal }: Given, { terminal }: Surroundings): Promise<ExitName> {
  const [which] = words
  if (which === undefined) {
    throw usageError(
      `no sabotage was named; there are:\n${await sabotageNames()}`,
      'pvcheck lab sabotage [--name <name>] <sabotage>',
    )
  }
  await labSabotage(name, which, signal)
  terminal.out(`sabotaged: ${which}; \`pvcheck lab heal ${which}\` mends it\n`)
  return 'pass'
}

async function heal({ name, words, signal }: Given, { terminal }: Surroundings): Promise<ExitName> {
  const mended = await labHeal(name, words[0], signal)
  terminal.out(mended.length === 0 ? 'nothing was sabotaged\n' : `mended: ${mended.join(', ')}\n`)
  return 'pass'
}

async function sabotageNames(): Promise<string> {
  const { sabotages } = await import('../../lab/sabotage/registry.ts')
  const { actingSabotages } = await import('../../lab/sabotage/acting/registry.ts')
  const { censusSabotages } = await import('../../lab/sabotage/census/registry.ts')
  return [...sabotages, ...actingSabotages, ...censusSabotages].map(({ name, what }) => `${name}: ${what}`).join('\n')
}

function milliseconds(value: unknown): number {
  const number = Number(value)
  if (Number.isFinite(number) && number > 0) return number
  throw usageError(`--refresh-ms ${String(value)}`, 'a number of milliseconds, as in --refresh-ms 500')
}

/** The parser of the command line takes 20.10 for a number. */
function engineGiven(value: unknown): EngineName {
  const engine = engineNames.find((name) => name === value || Number(name) === value)
  if (engine !== undefined) return engine
  throw usageError(`--engine ${String(value)}`, `one of: ${engineNames.join(', ')}`)
}
