import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { buildSchema } from '../routing/ci.ts'

const unread = z.object({ state: z.literal('unread'), why: z.string() })

/** A repository with its latest build, as Drone lists those of a user. */
export const repoSchema = z.object({ slug: z.string(), build: buildSchema.nullish() })

const schema = z.object({
  /** ISO 8601, by the clock of the machine that asked. */
  askedAt: z.string(),
  builds: z.discriminatedUnion('state', [z.object({ state: z.literal('read'), builds: z.array(buildSchema) }), unread]),
  /** Other repositories that the token's owner sees; absent without a token. */
  others: z
    .discriminatedUnion('state', [z.object({ state: z.literal('read'), repos: z.array(repoSchema) }), unread])
    .optional(),
})
export type QuietBuilds = z.infer<typeof schema>

export const quietBuilds: Fact<QuietBuilds> = {
  name: 'quiet-builds',
  what: "the CI server's builds right before anything is created",
  schema,
}
