import type { Redact } from '../../core/redact.ts'
import { bodySchema, type Recorder } from '../../model/record.ts'
import { redactBody } from './redact-body.ts'

/** Numbers what a run sees, and lets go of it: as strict as a bundle, without a file. */
export function createUnkept(redact: Redact): Recorder & AsyncDisposable {
  let seq = 0
  return {
    append: async (given) => {
      bodySchema.parse(redactBody(given, redact))
      seq += 1
      return seq
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}
