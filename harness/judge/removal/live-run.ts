import { isExpired, markOf } from '../../model/mark.ts'

/**
 * Why something that carries pvcheck's mark is left alone: its run may still be going on, or nobody can tell. `undefined`
 * for what is nobody's, for what `ownRun` owns, and for what is left of a run whose lease has ended.
 */
export function liveRunOf(labels: readonly unknown[], nowMs: number, ownRun: string | undefined): string | undefined {
  for (const reading of labels.map(markOf)) {
    if (reading.kind === 'damaged') return `its mark of pvcheck cannot be read: ${reading.why}`
    if (reading.kind === 'none' || reading.mark.run === ownRun) continue
    const { run, expires } = reading.mark
    if (isExpired({ expires }, { earliestMs: nowMs, latestMs: nowMs })) continue
    return `it belongs to the run ${run} of pvcheck until ${expires}`
  }
  return undefined
}
