import { z } from 'zod'
import type { Fact } from '../fact.ts'

const config = z.object({
  ID: z.string(),
  Spec: z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
})
export type SwarmConfig = z.infer<typeof config>

export const configs: Fact<readonly SwarmConfig[]> = {
  name: 'configs',
  what: 'the configs of the Swarm, without what is in them',
  schema: z.array(config),
}
