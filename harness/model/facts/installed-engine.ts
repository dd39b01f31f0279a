import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { succeededSchema } from './raw-command.ts'

const line = /^Docker version (?<version>\S+), build (?<commit>\S+)$/m

const schema = succeededSchema.transform((stdout, context) => {
  const found = line.exec(stdout)?.groups
  if (found !== undefined) return { version: found['version'] ?? '', commit: found['commit'] ?? '' }
  context.issues.push({
    code: 'custom',
    input: stdout,
    message: 'no line like "Docker version 20.10.24, build 5d6db84"',
  })
  return z.NEVER
})
export type InstalledEngine = z.infer<typeof schema>

export const installedEngine: Fact<InstalledEngine> = {
  name: 'installed-engine',
  what: 'the version of the dockerd on disk: the one that the next start will run',
  schema,
}
