import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { rawCommandSchema } from './raw-command.ts'

const content = z.looseObject({ 'live-restore': z.boolean().optional(), 'log-level': z.string().optional() })

/** dockerd's configuration file, as far as it is read; that there is none is fine. */
export type EngineConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'broken' }
  | {
      readonly kind: 'read'
      readonly liveRestore: boolean
      readonly logLevel?: string
      /** The names of all settings in it, as dockerd holds them against its flags. */
      readonly directives: readonly string[]
      /** It holds nothing at all, not even `{}`. */
      readonly empty: boolean
    }

const schema = rawCommandSchema.transform((command, context): EngineConfig => {
  if (command.exitCode === 0) {
    const config = content.safeParse(parseJson(command.stdout))
    if (!config.success) return { kind: 'broken' }
    const logLevel = config.data['log-level']
    return {
      kind: 'read',
      liveRestore: config.data['live-restore'] ?? false,
      ...(logLevel === undefined ? {} : { logLevel }),
      directives: directivesOf(config.data),
      empty: command.stdout.trim() === '',
    }
  }
  if (/No such file or directory/.test(command.stderr)) return { kind: 'none' }
  context.issues.push({ code: 'custom', input: command, message: command.stderr.trim() })
  return z.NEVER
})

/** Their values are one setting; of any other object dockerd takes each entry for a setting of its own. */
const withObjects = new Set([
  'builder',
  'cluster-store-opts',
  'default-network-opts',
  'default-ulimits',
  'features',
  'log-opts',
  'proxies',
  'runtimes',
])

function directivesOf(config: object): string[] {
  return Object.entries(config).flatMap(([name, value]: [string, unknown]) =>
    isObject(value) && !withObjects.has(name) ? Object.keys(value) : [name],
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Engines of today take an empty file for an empty object. */
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
