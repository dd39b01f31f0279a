import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { decode } from '../decode.ts'
import { together } from '../routes/together.ts'
import type { AskEngine } from './ask-engine.ts'
import { holdingsOf } from './holdings.ts'
import { readBalancers } from './node-balancers.ts'
import { readCounts, tellsCounts } from './pool-counts.ts'
import { readSmallLists, type SmallLists } from './small-lists.ts'

/** As often as the lists are taken anew before they are called moving. */
const mostTries = 6

export interface Taken extends Pick<AddressReading, 'balancers' | 'balancersOf' | 'counts' | 'moved'> {
  readonly startedAt: string
  readonly endedAt: string
  readonly lists: SmallLists
  /** As the engine gave them. */
  readonly services: unknown
}

export interface TakeOptions {
  /** Which node is asked; where it is not known the engine says so. */
  readonly nodeId?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * All lists, as they were at one instant. Services are the longest list and are read once; everything else is read
 * before and after them, and where nobody took or gave back an address in between, it was so when the services were
 * read, too. Otherwise all is read again.
 */
export async function takeReading(ask: AskEngine, { nodeId, signal }: TakeOptions): Promise<Taken> {
  const stop = signal === undefined ? {} : { signal }
  let tells = false
  const look = async (): Promise<Look> => {
    const lists = await readSmallLists(askAndSee, stop)
    return { lists, counts: tells ? await readCounts(ask, lists.networks, stop) : {} }
  }
  const askAndSee: AskEngine = (path, call) =>
    ask(path, async (engine) => {
      const answer = await call(engine)
      tells = tellsCounts(answer.what)
      return answer
    })
  let startedAt = new Date()
  const [node, first] = await together([nodeId === undefined ? readNodeId(ask, stop) : Promise.resolve(nodeId), look()])
  let before = first
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted()
    const [services, balancers] = await together([
      ask('/services', (engine) => engine.services(stop)),
      readBalancers(ask, before.lists, node, stop),
    ])
    const after = await look()
    const moved = holdingsOf(before) !== holdingsOf(after)
    if (!moved || tries === mostTries) {
      const times = { startedAt: startedAt.toISOString(), endedAt: new Date().toISOString() }
      return { ...times, ...after, services, balancers, balancersOf: node === '' ? [] : [node], moved }
    }
    before = after
    startedAt = new Date()
  }
}

interface Look {
  readonly lists: SmallLists
  readonly counts: AddressReading['counts']
}

async function readNodeId(ask: AskEngine, stop: { readonly signal?: AbortSignal }): Promise<string> {
  return decode(engineInfo, await ask('/info', (engine) => engine.info(stop))).Swarm.NodeID
}
