import { z } from 'zod'
import { bodySchema } from '../model/record.ts'

/** What a worker sends, one JSON document a line. */
export const requestSchema = z.discriminatedUnion('type', [
  /** The first line of a worker's guard: this process must not outlive the run. */
  z.object({ type: z.literal('guard'), pid: z.number().int().positive() }),
  z.object({ type: z.literal('append'), id: z.number().int(), body: bodySchema }),
])
export type Request = z.infer<typeof requestSchema>

export const problemSchema = z.object({ code: z.string(), seen: z.string(), wanted: z.string(), remedy: z.string() })
export type PlainProblem = z.infer<typeof problemSchema>

/** What the main process answers, or says unasked. */
export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('saved'), id: z.number().int(), seq: z.number().int().positive() }),
  z.object({ type: z.literal('refused'), id: z.number().int(), why: z.string() }),
  /** The connection to the target is gone: nothing more can be asked. */
  z.object({ type: z.literal('lost'), problem: problemSchema }),
])
export type Reply = z.infer<typeof replySchema>

/** One message as it goes over the wire. */
export function lineOf(message: Request | Reply): string {
  return `${JSON.stringify(message)}\n`
}

/** The name of the error that fails the test of a check which is not green; any other is a fault of pvcheck. */
export const unprovenName = 'Unproven'
