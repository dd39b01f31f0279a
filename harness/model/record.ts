import { z } from 'zod'
import { expectationsSchema } from './expectations.ts'
import { findingSchema } from './finding.ts'

/** Which host the evidence is about. */
export const fingerprintSchema = z.object({
  cluster: z.string(),
  node: z.string(),
  engine: z.string(),
  sharedNetwork: z.string().optional(),
})
export type Fingerprint = z.infer<typeof fingerprintSchema>

/** A request or a command as it was made; `what` can be run again by a person. */
export const askSchema = z.object({ via: z.enum(['engine', 'host', 'http']), what: z.string() })
export type Ask = z.infer<typeof askSchema>

const run = z.object({
  kind: z.literal('run'),
  command: z.string(),
  pvcheck: z.string(),
  node: z.string(),
  /** The target as configured, without secrets. */
  target: z.string(),
  expectations: expectationsSchema,
  /** Every check that the run sets out to do, so that one that never ran is seen to be missing. */
  planned: z.array(z.object({ check: z.string(), title: z.string() })),
})
const observation = z.object({
  kind: z.literal('observation'),
  fact: z.string(),
  asks: z.array(
    askSchema.extend({
      startedAt: z.string(),
      durationMs: z.number(),
      /** HTTP status of a request, exit code of a command; absent when no answer came. */
      answer: z.number().optional(),
    }),
  ),
  /** The answer as it came, redacted; absent when there was none. */
  raw: z.unknown().optional(),
  error: z.string().optional(),
})
const trouble = z.object({
  kind: z.literal('trouble'),
  code: z.string(),
  seen: z.string(),
  wanted: z.string(),
  remedy: z.string(),
  /** What was going on: `connect`, `set-up`, a check's id. */
  during: z.string(),
  /** Name of the exit it asks for, see `core/exit.ts`; `unknown` where it does not say. */
  exit: z.string().optional(),
})
const end = z.object({
  kind: z.literal('end'),
  /** Name of the exit, see `core/exit.ts`. */
  exit: z.string(),
  reason: z.string().optional(),
})

export const bodySchema = z.discriminatedUnion('kind', [
  run,
  observation,
  findingSchema.extend({ kind: z.literal('finding') }),
  z.object({ kind: z.literal('skip'), check: z.string(), title: z.string(), reason: z.string() }),
  trouble,
  z.object({ kind: z.literal('host'), fingerprint: fingerprintSchema }),
  end,
])
export type RecordBody = z.infer<typeof bodySchema>

/**
 * One line of `evidence.jsonl`. `hash` is the SHA-256 of the line's own bytes with `,"hash":"..."` taken out of them,
 * and so covers `prev`, the hash of the line before (64 zeros in the first).
 */
export const recordSchema = z.object({
  seq: z.number().int().positive(),
  at: z.string(),
  run: z.string(),
  body: bodySchema,
  prev: z.string(),
  hash: z.string(),
})
export type EvidenceRecord = z.infer<typeof recordSchema>

/** Saves what a run sees, in order; resolves with the record's number once it is on disk. */
export interface Recorder {
  append(body: RecordBody): Promise<number>
}
