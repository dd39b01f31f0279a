import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { journalAnswerSchema } from './journal-entry.ts'

const schema = journalAnswerSchema.extend({
  /** ISO 8601, by the engine's clock: the start of the running dockerd, or as far back as was asked for. */
  since: z.string(),
})
export type JournalWindow = z.infer<typeof schema>

export const journalWindow: Fact<JournalWindow> = {
  name: 'journal-window',
  what: "what dockerd's unit wrote to the journal in the window",
  schema,
}
