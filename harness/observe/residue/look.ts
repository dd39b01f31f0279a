import { setTimeout as delay } from 'node:timers/promises'
import type { ListName, Objects } from '../../model/facts/residue/objects.ts'
import { objectsSchema } from '../../model/facts/residue/objects.ts'
import type { EngineAnswer, EngineReader } from '../../reach/engine/reader.ts'
import type { Asker } from '../question.ts'
import { together } from '../routes/together.ts'
import { lookAtHost } from './host.ts'

const intervalMs = 500
/** A Swarm on which somebody works all the time is looked at no more often than that. */
const mostLooks = 4

const lists: readonly (readonly [ListName, string, (engine: EngineReader) => Promise<EngineAnswer>])[] = [
  ['services', '/services', (engine) => engine.services()],
  ['tasks', '/tasks', (engine) => engine.tasks()],
  ['networks', '/networks', (engine) => engine.networks()],
  ['configs', '/configs', (engine) => engine.configs()],
  ['secrets', '/secrets', (engine) => engine.secrets()],
  ['containers', '/containers/json?all=1', (engine) => engine.containers({ all: true })],
  ['volumes', '/volumes', (engine) => engine.volumes()],
]

/**
 * Looks until two looks in a row find the same objects, and until nothing `isLeft` or `patienceMs` have gone by. What
 * is saved is the last look, whole.
 */
export async function lookUntilStill(
  asker: Asker,
  isLeft: (objects: Objects) => boolean,
  patienceMs: number,
): Promise<unknown> {
  const deadlineMs = performance.now() + patienceMs
  const waitsFor = ({ objects }: Look): boolean =>
    objects !== undefined && isLeft(objects) && performance.now() < deadlineMs
  let last = await lookOnce(asker)
  let looks = 1
  for (;;) {
    if (waitsFor(last)) await pause(asker.signal)
    const next = await lookOnce(asker)
    const settled = next.key !== undefined && next.key === last.key
    last = next
    if (waitsFor(last)) continue
    looks += 1
    // What has no shape to look at now will be refused when it is decoded, with the reason.
    if (settled || last.objects === undefined || looks >= mostLooks) return { ...last.raw, settled }
  }
}

interface Look {
  readonly raw: object
  readonly objects?: Objects | undefined
  /** The same for two looks that found the same. */
  readonly key?: string | undefined
}

async function lookOnce(asker: Asker): Promise<Look> {
  const [engine, host, ...answers] = await together([
    asker.engine('/info', (engine) => engine.info()),
    lookAtHost(asker),
    ...lists.map(async ([of, path, ask]) => ({ of, answer: await asker.engine(path, ask) })),
  ])
  const raw = { engine, lists: answers, host }
  const objects = objectsSchema.safeParse({ ...raw, settled: false }).data
  const key = objects?.objects.map(({ id, version, digest }) => `${id} ${version} ${digest}`).sort()
  return { raw, objects, key: key?.join('\n') }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  // Rejects only when the signal aborts, and then with an error of its own.
  await delay(intervalMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  signal?.throwIfAborted()
}
