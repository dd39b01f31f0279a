import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { rawCommandSchema, saidBy } from './raw-command.ts'

/** What the dockerd on disk says to its configuration file, without being started. */
export type EngineConfigTrial =
  /** There is no file to try, or it is no JSON. */
  | { readonly kind: 'untried' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly answer: string }
  /** Engines before 23.0 cannot be asked: all there is are the names of their flags, without the dashes. */
  | { readonly kind: 'flags'; readonly flags: readonly string[] }
  | { readonly kind: 'unanswered'; readonly command: string; readonly answer: string }

const answer = rawCommandSchema.extend({
  /** The command line, as a person could run it on the host. */
  command: z.string(),
})

const schema = z
  .object({ help: answer.nullable(), validation: answer.nullable() })
  .transform(({ help, validation }): EngineConfigTrial => {
    if (validation !== null) {
      if (validation.exitCode === 0) return { kind: 'accepted' }
      // Anything else that it may say is about the flags of the unit, which reach us without their quotes.
      const isRefusal = /unable to configure the Docker daemon with file/.test(validation.stderr)
      if (isRefusal) return { kind: 'refused', answer: saidBy(validation) }
      return { kind: 'unanswered', command: validation.command, answer: saidBy(validation) }
    }
    if (help === null) return { kind: 'untried' }
    const flags = flagsIn(help.stdout)
    if (help.exitCode === 0 && flags.length > 0) return { kind: 'flags', flags }
    return { kind: 'unanswered', command: help.command, answer: saidBy(help) }
  })

/** Of lines like `  -D, --debug          Enable debug mode`. */
function flagsIn(help: string): readonly string[] {
  return [...help.matchAll(/^\s+(?:-\w, )?--(?<flag>[a-z0-9-]+)/gm)].flatMap(({ groups }) => groups?.['flag'] ?? [])
}

export const engineConfigTrial: Fact<EngineConfigTrial> = {
  name: 'engine-config-trial',
  what: 'what the dockerd on disk says to its configuration file, or of its flags',
  schema,
}
