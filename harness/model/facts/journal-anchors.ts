import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { journalAnswerSchema } from './journal-entry.ts'

const schema = z.object({
  /** The first line of the dockerd that runs now. */
  first: journalAnswerSchema,
  /** The last line from before the window, whichever dockerd wrote it. */
  before: journalAnswerSchema,
})
export type JournalAnchors = z.infer<typeof schema>

/** Positive controls: without one of these lines, an empty answer of the journal proves nothing. */
export const journalAnchors: Fact<JournalAnchors> = {
  name: 'journal-anchors',
  what: 'the first line of the running dockerd, and the last one from before the window',
  schema,
}
