import { PvcheckError } from '../../core/errors.ts'
import type { Fact } from '../../model/fact.ts'
import { messageIn } from '../../reach/engine/body.ts'
import type { EngineAnswer } from '../../reach/engine/reader.ts'

/** What the engine lists. An answer that is no list says nothing of what is there: it throws `REMOVE_CANNOT_LOOK`. */
export function listed<T>(fact: Fact<T>, answer: EngineAnswer): T {
  const { what, status, body } = answer
  if (status !== 200) throw cannotLook(`the engine answered ${what} with ${status}: ${messageIn(body)}`)
  const parsed = parseOnce(fact, answer)
  if (!parsed.success) throw cannotLook(`the answer to ${what} does not have the shape of ${fact.what}`, parsed.error)
  return parsed.data
}

/** Many may have the same answer: it is parsed for all of them together. */
const parsedAnswers = new WeakMap<EngineAnswer, Map<Fact<unknown>, unknown>>()

function parseOnce<T>(fact: Fact<T>, answer: EngineAnswer): ReturnType<Fact<T>['schema']['safeParse']> {
  const known = parsedAnswers.get(answer) ?? new Map()
  parsedAnswers.set(answer, known)
  const parsed = known.get(fact) ?? fact.schema.safeParse(answer.body)
  known.set(fact, parsed)
  return parsed
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
