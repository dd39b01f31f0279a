import { isResolved } from './marker.ts'
import type { Command } from './shell-commands.ts'
import { programAndArguments, shellCommands } from './shell-commands.ts'

/** One `docker network create` in a script; a name or subnet that cannot be told without running it is undefined. */
export interface NetworkCreate {
  readonly name: string | undefined
  readonly subnets: readonly (string | undefined)[]
}

/** All of them, also in scripts that a shell is handed with `-c`. */
export function networkCreates(script: string): readonly NetworkCreate[] {
  return shellCommands(script).flatMap((command) => {
    const [program = '', ...words] = programAndArguments(command)
    if (shells.has(baseName(program))) return networkCreates(scriptOf(words))
    if (baseName(program) !== 'docker' && isResolved(program)) return []
    const create = words.findIndex((word, index) => word === 'network' && words[index + 1] === 'create')
    return create < 0 ? [] : [readCreate(words.slice(create + 2))]
  })
}

const shells = new Set(['sh', 'bash', 'dash', 'ash'])

function baseName(program: string): string {
  return program.split('/').at(-1) ?? ''
}

function scriptOf(words: Command): string {
  const flag = words.findIndex((word) => /^-[a-z]*c$/.test(word))
  return flag < 0 ? '' : (words[flag + 1] ?? '')
}

/** Options of `docker network create` that stand alone; all others take the next word for their value. */
const flags = new Set(['--attachable', '--internal', '--ingress', '--ipv6', '--ipv4', '--config-only'])

function readCreate(words: Command): NetworkCreate {
  const names: string[] = []
  const subnets: string[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const [option = '', ...value] = word.split('=')
    if (/^\d*[<>]/.test(word)) continue
    if (!word.startsWith('-')) names.push(word)
    else if (option === '--subnet')
      subnets.push(...(value.length > 0 ? value.join('=') : (words[++index] ?? '')).split(','))
    else if (value.length === 0 && !flags.has(option) && !/^-[a-z].+/.test(option)) index += 1
  }
  const known = (word: string | undefined): string | undefined =>
    word !== undefined && isResolved(word) ? word : undefined
  return { name: known(names[0]), subnets: subnets.map(known) }
}
