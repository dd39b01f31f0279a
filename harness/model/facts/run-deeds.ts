import { z } from 'zod'
import type { Fact } from '../fact.ts'

const deed = z.object({
  kind: z.enum(['service', 'network', 'config', 'secret']),
  name: z.string(),
  id: z.string().optional(),
})

/** All that a run may have created, from its intents; it is saved by the run itself, nobody is asked. */
export const runDeeds: Fact<{ readonly run: string; readonly deeds: readonly z.infer<typeof deed>[] }> = {
  name: 'run-deeds',
  what: 'what the run has created',
  schema: z.object({ run: z.string(), deeds: z.array(deed) }),
}
