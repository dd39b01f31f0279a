import { z } from 'zod'
import type { Fact } from '../fact.ts'

const report = z.object({
  swept: z.array(z.object({ run: z.string(), owner: z.string(), objects: z.array(z.string()) })),
  live: z.array(z.object({ run: z.string(), owner: z.string(), until: z.string() })),
  left: z.array(z.string()),
  doubtful: z.array(z.string()),
})
export type Swept = z.infer<typeof report>

/** What a run swept before it began: of others, that were dead. */
export const deadRuns: Fact<Swept> = {
  name: 'dead-runs',
  what: 'what dead runs had left, and what became of it',
  schema: report,
}

/** What was still there of the run itself when its specs were over. */
export const settled: Fact<Swept> = {
  name: 'settled',
  what: 'what the specs had left of the run, and what became of it',
  schema: report,
}
