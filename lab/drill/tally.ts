import type { DrillRecord } from './drill-record.ts'
import type { FinishedCase } from './progress.ts'

type Tally = Pick<DrillRecord, 'cases' | 'byKind' | 'byPoint' | 'failures' | 'recoveryMs'>

/** The sums of a drill's cases, as they stand in its record. */
export function tallyOf(finished: readonly FinishedCase[]): Tally {
  const recovered = finished
    .flatMap(({ id, kind, recoveryMs }) => (recoveryMs === undefined ? [] : [{ id, kind, recoveryMs }]))
    .sort((a, b) => a.recoveryMs - b.recoveryMs)
  const slowest = recovered.at(-1)
  const middle = recovered[Math.floor((recovered.length - 1) / 2)]
  return {
    cases: finished.length,
    byKind: countBy(finished.map(({ kind }) => kind)),
    byPoint: countBy(finished.map(({ point }) => point)),
    failures: finished.flatMap(({ id, failures }) => failures.map((seen) => ({ case: id, seen }))),
    recoveryMs: {
      median: Math.round(middle?.recoveryMs ?? 0),
      slowest: Math.round(slowest?.recoveryMs ?? 0),
      slowestCase: slowest?.id ?? 'none',
      // In rising order: the last one of each kind stays.
      byKind: sorted(recovered.map(({ kind, recoveryMs }) => [kind, Math.round(recoveryMs)])),
    },
  }
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return sorted([...counts])
}

function sorted(entries: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(Object.fromEntries(entries)).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })),
  )
}

/** As it is printed: `1.2 s`. */
export function seconds(ms: number | undefined): string {
  return ms === undefined ? 'never' : `${(ms / 1000).toFixed(1)} s`
}
