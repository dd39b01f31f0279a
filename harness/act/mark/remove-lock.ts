import { joinErrors } from '../../core/errors.ts'
import type { AskOptions, EngineAnswer, EngineReader } from '../../reach/engine/reader.ts'
import type { EngineWriter } from '../../reach/engine/writer.ts'
import { findLock } from './lock-object.ts'
import { refused } from './lock-trouble.ts'

/**
 * Removes the lock of that id, and no other; resolves when it is certain that it is not there. A 404 alone is not: it
 * may be about the path, from something that stands before the engine.
 */
export async function removeLock(
  { engine, writer }: { engine: Pick<EngineReader, 'configs'>; writer: Pick<EngineWriter, 'removeConfig'> },
  id: string,
  options?: AskOptions,
): Promise<void> {
  const trouble = await troubleOf(writer.removeConfig(id, options))
  if (trouble === undefined) return
  const found = await findLock(engine, options).catch((also: unknown) => {
    throw joinErrors(trouble, [also])
  })
  if (found?.id === id) throw trouble
}

/** Why a change was not made, or may not have been; nothing where it was. */
export async function troubleOf(change: Promise<EngineAnswer>): Promise<unknown> {
  try {
    const answer = await change
    return isDone(answer) ? undefined : refused(answer)
  } catch (error) {
    return error
  }
}

/** Whether a change was made. */
export function isDone({ status }: EngineAnswer): boolean {
  return status >= 200 && status <= 299
}
