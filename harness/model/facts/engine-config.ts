import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { rawCommandSchema } from './raw-command.ts'

const content = z.object({ 'live-restore': z.boolean().default(false) })

/** dockerd's configuration file, as far as it is read; `present` is false where there is none, which is fine. */
export interface EngineConfig {
  readonly present: boolean
  readonly liveRestore: boolean
}

const schema = rawCommandSchema.transform((command, context): EngineConfig => {
  if (command.exitCode !== 0 && /No such file or directory/.test(command.stderr)) {
    return { present: false, liveRestore: false }
  }
  if (command.exitCode === 0 && command.stdout.trim() === '') return { present: true, liveRestore: false }
  const parsed = command.exitCode === 0 ? parseJson(command.stdout) : undefined
  const config = content.safeParse(parsed)
  if (config.success) return { present: true, liveRestore: config.data['live-restore'] }
  const message = command.exitCode === 0 ? 'it is not a JSON object that dockerd could read' : command.stderr.trim()
  context.issues.push({ code: 'custom', input: command, message })
  return z.NEVER
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const engineConfig: Fact<EngineConfig> = {
  name: 'engine-config',
  what: "dockerd's configuration file",
  schema,
}
