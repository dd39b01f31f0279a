import { z } from 'zod'
import type { Fact } from '../fact.ts'

const secret = z.object({
  ID: z.string(),
  Spec: z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
})
export type SwarmSecret = z.infer<typeof secret>

export const secrets: Fact<readonly SwarmSecret[]> = {
  name: 'secrets',
  what: 'the secrets of the Swarm; the engine tells nobody what is in them',
  schema: z.array(secret),
}
