import type { ExitName } from '../core/exit.ts'
import type { Terminal } from './terminal.ts'

/** What a command is given besides its own arguments. */
export interface Surroundings {
  readonly terminal: Terminal
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

export interface Arguments {
  readonly words: readonly string[]
  /** By the option's name in camel case; only those that were given. */
  readonly options: Readonly<Record<string, unknown>>
  /** What follows `--`. */
  readonly rest: readonly string[]
}

/** One command, as the help shows it; what it does is loaded only when it is called. */
export interface Command {
  /** `lab <action> [...words]`. */
  readonly usage: string
  readonly summary: string
  readonly options: readonly (readonly [flags: string, summary: string])[]
  readonly examples: readonly string[]
  run(given: Arguments, surroundings: Surroundings): Promise<ExitName | number>
}
