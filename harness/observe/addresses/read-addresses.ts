import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import { addressReading } from '../../model/facts/addresses/reading.ts'
import { services } from '../../model/facts/services.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import { bodyOf } from '../asker.ts'
import { decode } from '../decode.ts'
import type { Question } from '../question.ts'
import type { AskEngine } from './ask-engine.ts'
import { takeReading } from './take-reading.ts'

/** The reading as a question: the lists are saved as the engine gave them. */
export const addressQuestion: Question = {
  fact: addressReading,
  ask: async (asker) => {
    const ask: AskEngine = (path, call) => asker.engine(path, call)
    const { lists, ...taken } = await takeReading(ask, { signal: asker.signal })
    return { ...taken, ...lists.raw }
  },
}

export interface ReadOptions {
  /** The id of the node behind the connection, as its fingerprint has it: saves a request. */
  readonly nodeId?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * A reading for whoever acts and looks several times. Throws `OBSERVE_ENGINE_REFUSED` where the engine is no manager of a
 * Swarm with a leader, `OBSERVE_SHAPE` where it says something else, what the hand throws where no answer comes, and the
 * signal's reason.
 */
export async function readAddresses(engine: EngineReader, options: ReadOptions = {}): Promise<AddressReading> {
  const ask: AskEngine = async (_path, call) => bodyOf(await call(engine))
  const { lists, ...taken } = await takeReading(ask, options)
  const { raw, ...decoded } = lists
  return { ...taken, ...decoded, services: decode(services, taken.services) }
}
