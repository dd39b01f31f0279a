import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { type Exchange, exchangeSchema } from '../../http.ts'

const serverSchema = z.object({
  health: exchangeSchema,
  version: exchangeSchema,
  builds: exchangeSchema,
  /** A path below `/api` and one outside that no CI server knows: what its page looks like. */
  unknownApiPath: exchangeSchema,
  unknownPath: exchangeSchema,
  /** Who the token belongs to: a wrong one makes a guest of its bearer, silently. Absent without credentials. */
  user: exchangeSchema.optional(),
})
export type CiServer = z.infer<typeof serverSchema>

export const ciServer: Fact<CiServer> = {
  name: 'ci-server',
  what: "the CI server's answers: health, version, builds, and to what it cannot know",
  schema: serverSchema,
}

/** Of `GET /api/repos/{owner}/{name}/builds`, the newest first. */
export const buildSchema = z.object({
  number: z.number(),
  status: z.string(),
  params: z.record(z.string(), z.string()).nullish(),
  /** Seconds since the epoch. */
  created: z.number().default(0),
  finished: z.number().default(0),
  updated: z.number().default(0),
})
export type Build = z.infer<typeof buildSchema>

const reading = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('read'),
    builds: z.array(buildSchema),
    /** `false` where older builds were left unread although some enrolled recipe has none among these. */
    complete: z.boolean().optional(),
  }),
  z.object({ state: z.literal('unread'), why: z.string() }),
])
export type BuildsReading = z.infer<typeof reading>

/** The page between two readings of the builds: what changed in between proves nothing. */
const boardSchema = z.object({
  before: reading,
  page: exchangeSchema,
  after: reading,
})
export type Board = z.infer<typeof boardSchema>

export const board: Fact<Board> = {
  name: 'dashboard',
  what: "the dashboard's page, and the CI server's builds before and after",
  schema: boardSchema,
}

export const reportPage: Fact<Exchange> = {
  name: 'report-page',
  what: "the report site's page",
  schema: exchangeSchema,
}
