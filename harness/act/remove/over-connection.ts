import type { RemovalPlan } from '../../judge/removal/plan.ts'
import { attachWriter } from '../../reach/attach-writer.ts'
import type { Connection } from '../../reach/target.ts'
import { type Outcome, type RemoveOptions, removeStacks } from './remove-stacks.ts'

/** Removes over a connection; losing it ends the removal as an interrupt does. */
export function removeOver(
  { target, handle, signal: lost }: Connection,
  plan: RemovalPlan,
  { signal, onProgress }: Required<Pick<RemoveOptions, 'signal' | 'onProgress'>>,
): Promise<readonly Outcome[]> {
  const stop = AbortSignal.any([signal, lost])
  return removeStacks(plan, { reader: target.engine, writer: attachWriter(handle), signal: stop, onProgress })
}
