import { z } from 'zod'
import type { Fact } from '../fact.ts'

const schema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  GitCommit: z.string().optional(),
  KernelVersion: z.string().optional(),
})
export type EngineVersion = z.infer<typeof schema>

export const engineVersion: Fact<EngineVersion> = {
  name: 'engine-version',
  what: 'the version of the running engine and of its API',
  schema,
}
