import { z } from 'zod'

/** One line of the journal, its values decoded to text; `null` where journald would not give the value. */
export const journalEntrySchema = z
  .object({
    __REALTIME_TIMESTAMP: z.string(),
    __CURSOR: z.string(),
    MESSAGE: z.string().nullish(),
    SYSLOG_IDENTIFIER: z.string().nullish(),
    CONTAINER_ID: z.string().nullish(),
    _SYSTEMD_INVOCATION_ID: z.string().nullish(),
  })
  .transform((entry) => ({
    /** Microseconds since 1970, by the journal's clock. */
    timeUs: Number(entry.__REALTIME_TIMESTAMP),
    cursor: entry.__CURSOR,
    message: entry.MESSAGE ?? null,
    identifier: entry.SYSLOG_IDENTIFIER ?? '',
    fromContainer: entry.CONTAINER_ID !== undefined && entry.CONTAINER_ID !== null,
    invocationId: entry._SYSTEMD_INVOCATION_ID ?? '',
  }))
export type JournalEntry = z.infer<typeof journalEntrySchema>

/** How the question to the journal went, and what it gave. */
export const journalAnswerSchema = z.object({
  exitCode: z.number(),
  stderr: z.string(),
  /** There was more than was read; the newest lines are here. */
  truncated: z.boolean(),
  /** In the order in which they were logged. */
  entries: z.array(journalEntrySchema),
})
export type JournalAnswer = z.infer<typeof journalAnswerSchema>
