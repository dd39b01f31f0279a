import { setTimeout as delay } from 'node:timers/promises'
import type { SavedRoutes } from '../../model/facts/routing/routes.ts'
import { routes } from '../../model/facts/routing/routes.ts'
import type { Route } from '../../model/routing.ts'
import { nameOfRoute, proxySchema } from '../../model/routing.ts'
import type { Asker, Question } from '../question.ts'
import { follow, type Walk } from './follow.ts'
import { together } from './together.ts'

const laps = 3
/** Of the time a proxy may need to hear of a change: its own timers are not exact, either. */
const margin = 1.1

/** Three visits of each route; what the proxy hears between the first and the last has had time to take effect. */
export const routesQuestion: Question = {
  fact: routes,
  ask: async (asker) => {
    const { refreshSeconds, throttleSeconds } = asker.wanted.proxy ?? proxySchema.parse({})
    const spanMs = Math.ceil((refreshSeconds + throttleSeconds) * 1000 * margin)
    const walks = await together(asker.wanted.routes.map((route) => walkLaps(asker, route, spanMs)))
    const keys = new Map<string, string>()
    const visited = asker.wanted.routes.map((route, index) => ({
      name: nameOfRoute(route),
      visits: (walks[index] ?? []).map(({ hops, ...walk }, lap) => ({
        lap: lap + 1,
        ...walk,
        hops: hops.map(({ body, ...hop }) => (body === undefined ? hop : { ...hop, bodyKey: keyOf(body, keys) })),
      })),
    }))
    const bodies = Object.fromEntries([...keys].map(([body, key]) => [key, body]))
    return { laps, spanMs, bodies, routes: visited } satisfies SavedRoutes
  },
}

/** Each route keeps its own time, counted from its first answer, so that one that is slow holds up no other. */
async function walkLaps(asker: Asker, route: Route, spanMs: number): Promise<readonly Walk[]> {
  const walks = [await follow(asker, route)]
  const firstMs = performance.now()
  while (walks.length < laps && !hasTimedOut(walks.at(-1))) {
    const dueMs = firstMs + (spanMs * walks.length) / (laps - 1)
    await waitUntil(dueMs, asker.signal)
    walks.push(await follow(asker, route))
  }
  return walks
}

/** Waits for a time of this process's clock. Throws the signal's reason. */
async function waitUntil(dueMs: number, signal: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  // Rejects only when the signal aborts, and then with an error of its own.
  await delay(Math.max(0, dueMs - performance.now()), undefined, options).catch(() => undefined)
  signal?.throwIfAborted()
}

/** To wait for the same deadline twice more would cost more than it tells. */
function hasTimedOut(walk: Walk | undefined): boolean {
  return walk?.hops.at(-1)?.error?.code.endsWith('_TIMEOUT') ?? false
}

/** Names no text twice: pages are much the same in every lap. */
function keyOf(body: string, keys: Map<string, string>): string {
  const key = keys.get(body) ?? `b${keys.size + 1}`
  keys.set(body, key)
  return key
}
