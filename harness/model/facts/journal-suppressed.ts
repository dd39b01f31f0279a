import type { Fact } from '../fact.ts'
import type { JournalAnswer } from './journal-entry.ts'
import { journalAnswerSchema } from './journal-entry.ts'

/** journald's own notes that it threw lines away, all units. */
export const journalSuppressed: Fact<JournalAnswer> = {
  name: 'journal-suppressed',
  what: 'lines that journald threw away in the window, because too many came at once',
  schema: journalAnswerSchema,
}
