import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { rawCommandSchema, saidBy } from './raw-command.ts'

const line = /^Docker version (?<version>\S+), build (?<commit>\S+)$/m

/** What the dockerd on disk says of itself, or what was answered instead. */
export type InstalledEngine =
  | { readonly kind: 'told'; readonly version: string; readonly commit: string }
  | { readonly kind: 'untold'; readonly program: string; readonly answer: string }

const schema = rawCommandSchema
  .extend({
    /** What was run with `--version`. */
    program: z.string().default('dockerd'),
  })
  .transform((command): InstalledEngine => {
    const found = command.exitCode === 0 ? line.exec(command.stdout)?.groups : undefined
    if (found === undefined) return { kind: 'untold', program: command.program, answer: saidBy(command) }
    return { kind: 'told', version: found['version'] ?? '', commit: found['commit'] ?? '' }
  })

export const installedEngine: Fact<InstalledEngine> = {
  name: 'installed-engine',
  what: 'the version of the dockerd on disk: the one that the next start will run',
  schema,
}
