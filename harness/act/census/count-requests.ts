import type { EngineReader } from '../../reach/engine/reader.ts'
import type { CarefulHand } from '../hand/careful.ts'

/** The same hand, with a count of the requests that it makes: what a walk costs the engine. */
export function countRequests(hand: CarefulHand): {
  readonly hand: CarefulHand
  /** For lists, over connections that are kept. */
  readonly counted: EngineReader
  readonly requests: () => number
} {
  let requests = 0
  const counted = new Proxy(hand.many.reader, {
    get(reader, name, receiver) {
      // Nobody takes a method of it without asking by it.
      requests += 1
      return Reflect.get(reader, name, receiver)
    },
  })
  const many: CarefulHand['many'] = {
    ...hand.many,
    reader: counted,
    create: (specs, options) => {
      requests += specs.length
      return hand.many.create(specs, options)
    },
    remove: (services, options) => {
      requests += services.length
      return hand.many.remove(services, options)
    },
  }
  return { hand: { ...hand, many }, counted, requests: () => requests }
}
