import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { rawCommandSchema } from './raw-command.ts'

const content = z.looseObject({ 'live-restore': z.boolean().default(false) })

/** dockerd's configuration file, as far as it is read; that there is none is fine. */
export type EngineConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'broken' }
  | {
      readonly kind: 'read'
      readonly liveRestore: boolean
      /** The names of all settings in it. */
      readonly directives: readonly string[]
    }

const schema = rawCommandSchema.transform((command, context): EngineConfig => {
  if (command.exitCode === 0) {
    const config = content.safeParse(parseJson(command.stdout))
    if (!config.success) return { kind: 'broken' }
    return { kind: 'read', liveRestore: config.data['live-restore'], directives: Object.keys(config.data) }
  }
  if (/No such file or directory/.test(command.stderr)) return { kind: 'none' }
  context.issues.push({ code: 'custom', input: command, message: command.stderr.trim() })
  return z.NEVER
})

/** dockerd takes an empty file for an empty object. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.trim() || '{}')
  } catch {
    return undefined
  }
}

export const engineConfig: Fact<EngineConfig> = {
  name: 'engine-config',
  what: "dockerd's configuration file",
  schema,
}
