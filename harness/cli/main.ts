import { cac } from 'cac'
import { type ExitName, exitCodes } from '../core/exit.ts'
import { packageInfo } from '../run/package-info.ts'
import type { Command, Surroundings } from './command.ts'
import { commands } from './commands.ts'
import { describeError, usageError } from './problem.ts'
import { processTerminal } from './terminal.ts'

/** The command line. Prints an error once, and ends the process with the exit code that it asks for. */
export async function main(argv: readonly string[], env: Surroundings['env']): Promise<never> {
  const terminal = processTerminal(env)
  const fail = (error: unknown): never => {
    const { text, exit } = describeError(error)
    terminal.err(text)
    process.exit(exitCodes[exit].code)
  }
  // What nobody awaits, too, ends with a clear line and 70.
  process.on('uncaughtException', fail)
  try {
    const exit = await dispatch(argv, { terminal, env, cwd: process.cwd() })
    process.exit(typeof exit === 'number' ? exit : exitCodes[exit].code)
  } catch (error) {
    return fail(error)
  }
}

async function dispatch(argv: readonly string[], surroundings: Surroundings): Promise<ExitName | number> {
  const cli = cac('pvcheck')
  for (const command of Object.values(commands)) {
    const added = cli.command(command.usage, command.summary)
    for (const [flags, summary] of command.options) added.option(flags, summary)
    for (const example of command.examples) added.example(`  $ pvcheck ${example}`)
  }
  cli.help()
  cli.version(packageInfo().version)
  const { args, options } = cli.parse(['node', 'pvcheck', ...protectRest(argv)], { run: false })
  if (options['help'] === true || options['version'] === true) return 'pass'
  const matched = cli.matchedCommand
  const command = matched === undefined ? undefined : commands[matched.name]
  if (matched === undefined || command === undefined) throw unknownCommand(argv[0])
  for (const option of Object.keys(options)) {
    const isKnown = option === '--' || matched.hasOption(option) !== undefined
    if (!isKnown) throw unknownOption(option, command)
  }
  for (const { name, required } of matched.options) {
    if (required === true && options[name] === true)
      throw usageError(`--${kebab(name)} has no value`, `a value after --${kebab(name)}`)
  }
  const words = args.map(String)
  if (words.length > 0 && matched.args.length === 0)
    throw usageError(`an extra word: ${words[0]}`, `pvcheck ${command.usage}`)
  const rest: unknown = options['--']
  return command.run({ words, options, rest: Array.isArray(rest) ? rest.map(String) : [] }, surroundings)
}

/** `lab exec docker ps -a`: the options of the inner command are its own. */
function protectRest(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'lab' || argv[1] !== 'exec' || argv.includes('--')) return argv
  const valued = new Set(['--name'])
  let index = 2
  while (argv[index]?.startsWith('-') === true) index += valued.has(argv[index] ?? '') ? 2 : 1
  const own = argv.slice(2, index)
  if (own.includes('--help') || own.includes('-h')) return argv
  return [...argv.slice(0, index), '--', ...argv.slice(index)]
}

function unknownCommand(name: string | undefined): Error {
  const wanted = `one of: ${Object.keys(commands).join(', ')}`
  if (name === undefined) return usageError('no command was given', wanted)
  return usageError(
    name.startsWith('-') ? `"${name}" stands without a command` : `there is no command "${name}"`,
    wanted,
  )
}

function unknownOption(option: string, command: Command): Error {
  const flags = command.options.map(([flag]) => flag.replace(/^-\w, /, '').split(' ')[0])
  const dashes = option.length === 1 ? '-' : '--'
  return usageError(`there is no option "${dashes}${kebab(option)}"`, `one of: ${[...flags, '--help'].join(', ')}`)
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
