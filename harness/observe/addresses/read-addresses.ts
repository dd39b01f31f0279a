import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import { addressReading } from '../../model/facts/addresses/reading.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import { bodyOf } from '../asker.ts'
import { decode } from '../decode.ts'
import type { Question } from '../question.ts'
import type { AskEngine } from './ask-engine.ts'
import { takeReading } from './take-reading.ts'

/** The reading as a question: the raw lists are saved before anybody looks at them. */
export const addressQuestion: Question = {
  fact: addressReading,
  ask: (asker) => takeReading((path, ask) => asker.engine(path, ask), asker.signal),
}

/**
 * A reading for whoever acts and looks several times. Throws `OBSERVE_ENGINE_REFUSED` where the engine is no manager of a
 * Swarm with a leader, what the hand throws where no answer comes, and the signal's reason.
 */
export async function readAddresses(
  engine: EngineReader,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<AddressReading> {
  const ask: AskEngine = async (_path, call) => bodyOf(await call(engine))
  return decode(addressReading, await takeReading(ask, signal))
}
