import { PvcheckError } from '../../core/errors.ts'
import type { SweepParts } from './parts.ts'
import type { SweptRun } from './report.ts'

/**
 * Removes all that carries the label of the run, in the order that does not leak, its lock last. For whoever knows that
 * the run acts no more. What stays is `left`, each with the reason; called again, or twice at once, it goes on.
 * Throws `REMOVE_CANNOT_LOOK` and what the reader throws where it could not even begin.
 */
export async function sweepRun(
  run: string,
  _parts: SweepParts,
): Promise<SweptRun & { readonly left: readonly string[] }> {
  throw new PvcheckError({
    code: 'SWEEP_UNBUILT',
    seen: `nothing sweeps ${run} yet`,
    wanted: 'a sweep',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
