import { setTimeout as delay } from 'node:timers/promises'
import { giveOutMs } from './patience.ts'

/**
 * Looks until as many have an address as are to, or the allocator gives none for a while: it hands out what it has within
 * milliseconds, and what is left over then waits until something is given back. Returns whether it came to that. A look
 * at many costs the engine more than it takes them to be served: `firstMs` is how long that takes at least.
 */
export async function untilGiven(
  look: (signal: AbortSignal) => Promise<number>,
  { wanted, firstMs = 0 }: { readonly wanted: number; readonly firstMs?: number },
  signal: AbortSignal,
): Promise<boolean> {
  if (firstMs > 0) await delay(firstMs, undefined, { signal })
  let given = -1
  let lastGift = performance.now()
  for (let pauseMs = Math.max(2, firstMs / 4); ; pauseMs = Math.min(2 * pauseMs, 100)) {
    const now = await look(signal)
    if (now >= wanted) return false
    if (now > given) {
      given = now
      lastGift = performance.now()
    } else if (performance.now() - lastGift > giveOutMs) return true
    await delay(pauseMs, undefined, { signal })
  }
}
