import { z } from 'zod'
import { actingHandleSchema } from '../act/life/acting.ts'
import { type ExitName, exitCodes } from '../core/exit.ts'
import { bodySchema } from '../model/record.ts'

/** What a worker sends, one JSON document a line. */
export const requestSchema = z.discriminatedUnion('type', [
  /** The first line of a worker's guard: this process must not outlive the run. */
  z.object({ type: z.literal('guard'), pid: z.number().int().positive() }),
  z.object({ type: z.literal('append'), id: z.number().int(), body: bodySchema }),
  /** It wants to act on the target: the main process takes the lock, and whatever else that needs. */
  z.object({ type: z.literal('act'), id: z.number().int() }),
  /** What is being waited for; for a person to see, never evidence. */
  z.object({ type: z.literal('progress'), text: z.string() }),
])
export type Request = z.infer<typeof requestSchema>

export const problemSchema = z.object({ code: z.string(), seen: z.string(), wanted: z.string(), remedy: z.string() })
export type PlainProblem = z.infer<typeof problemSchema>

const exitNames = Object.keys(exitCodes) as [ExitName, ...ExitName[]]
/** With how the command ends because of it. */
export const denialSchema = problemSchema.extend({ exit: z.enum(exitNames) })
export type Denial = z.infer<typeof denialSchema>

/** What the main process answers, or says unasked. */
export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('saved'), id: z.number().int(), seq: z.number().int().positive() }),
  z.object({ type: z.literal('refused'), id: z.number().int(), why: z.string() }),
  z.object({ type: z.literal('acting'), id: z.number().int(), handle: actingHandleSchema }),
  /** Nothing may be created in this run; why is in its records already. */
  z.object({ type: z.literal('denied'), id: z.number().int(), problem: denialSchema }),
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
