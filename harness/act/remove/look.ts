import { PvcheckError } from '../../core/errors.ts'
import type { Fact } from '../../model/fact.ts'
import { messageIn } from '../../reach/engine/body.ts'
import type { EngineAnswer } from '../../reach/engine/reader.ts'

/** What the engine lists. An answer that is no list says nothing of what is there: it throws `REMOVE_CANNOT_LOOK`. */
export function listed<T>(fact: Fact<T>, { what, status, body }: EngineAnswer): T {
  if (status !== 200) throw cannotLook(`the engine answered ${what} with ${status}: ${messageIn(body)}`)
  const parsed = fact.schema.safeParse(body)
  if (!parsed.success) throw cannotLook(`the answer to ${what} does not have the shape of ${fact.what}`, parsed.error)
  return parsed.data
}

export function cannotLook(seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'REMOVE_CANNOT_LOOK',
    seen,
    wanted: 'an answer that tells what is still there',
    remedy: 'Look at the manager and at dockerd there; then run the same command again, it goes on where it was.',
    exit: 'unknown',
    cause,
  })
}
