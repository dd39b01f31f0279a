import { z } from 'zod'
import { PvcheckError } from '../core/errors.ts'
import type { Fact } from '../model/fact.ts'

/** A saved answer as the fact it is. Throws `OBSERVE_SHAPE` when it is something else. */
export function decode<T>(fact: Fact<T>, raw: unknown): T {
  const parsed = fact.schema.safeParse(raw)
  if (parsed.success) return parsed.data
  throw new PvcheckError({
    code: 'OBSERVE_SHAPE',
    seen: `the answer is not ${fact.what}: ${z.prettifyError(parsed.error)}`,
    wanted: fact.what,
    remedy: 'Run the command or request of this observation by hand; if its answer looks right, report the evidence.',
    exit: 'unknown',
    cause: parsed.error,
  })
}
