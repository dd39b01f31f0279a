import type { z } from 'zod'
import type { addressReading } from '../../model/facts/addresses/reading.ts'
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

type Reading = z.input<typeof addressReading.schema>

/**
 * All lists, as they were at one instant. Services are the longest list and are read once; everything else is read
 * before and after them, and where nobody took or gave back an address in between, it was so when the services were
 * read, too. Otherwise all is read again.
 */
export async function takeReading(ask: AskEngine, signal?: AbortSignal): Promise<unknown> {
  const stop = signal === undefined ? {} : { signal }
  let startedAt = new Date()
  const apiVersion = { tells: false }
  const askAndSee: AskEngine = (path, call) =>
    ask(path, async (engine) => {
      const answer = await call(engine)
      apiVersion.tells = tellsCounts(answer.what)
      return answer
    })
  const [rawInfo, first] = await together([
    ask('/info', (engine) => engine.info(stop)),
    readSmallLists(askAndSee, stop),
  ])
  const nodeId = decode(engineInfo, rawInfo).Swarm.NodeID
  const readAllCounts = (lists: SmallLists) =>
    apiVersion.tells ? readCounts(ask, lists.networks, stop) : Promise.resolve({})
  let before = { lists: first, counts: await readAllCounts(first) }
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted()
    const [services, balancers] = await together([
      ask('/services', (engine) => engine.services(stop)),
      readBalancers(ask, before.lists, nodeId, stop),
    ])
    const endedLists = await readSmallLists(ask, stop)
    const after = { lists: endedLists, counts: await readAllCounts(endedLists) }
    const moved = holdingsOf(before) !== holdingsOf(after)
    if (!moved || tries === mostTries) {
      return {
        startedAt: startedAt.toISOString(),
        endedAt: new Date().toISOString(),
        ...after.lists.raw,
        services,
        balancers,
        balancersOf: nodeId === '' ? [] : [nodeId],
        counts: after.counts,
        moved,
      } satisfies Record<keyof Reading, unknown>
    }
    before = after
    startedAt = new Date()
  }
}
