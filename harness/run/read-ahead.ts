import type { AnyCheck } from '../model/check.ts'
import type { Expectations } from '../model/expectations.ts'
import type { FactReader } from '../model/fact.ts'
import { routes } from '../model/facts/routing/routes.ts'

/**
 * Begins to read what checks of the routes will need: the laps wait for refreshes of the proxy, and other facts can be
 * judged meanwhile. What fails is told by whoever reads it later.
 */
export function readAhead(checks: readonly AnyCheck[], reader: FactReader, wanted: Expectations): void {
  if (wanted.routes.length === 0) return
  const waiting = checks.filter(
    ({ needs, notApplicable }) =>
      Object.values(needs).some(({ name }) => name === routes.name) && notApplicable?.(wanted) === undefined,
  )
  for (const fact of new Set(waiting.flatMap(({ needs }) => Object.values(needs)))) {
    reader.read(fact).catch(() => undefined)
  }
}
