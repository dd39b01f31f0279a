import type { AskOptions, EngineReader } from '../../reach/engine/reader.ts'
import type { ObjectSpec } from '../../reach/engine/writer.ts'
import type { CreatedKind } from '../mark/intent-line.ts'
import type { Remover } from '../remove/hands.ts'

/**
 * The hand with which a run acts: the own hand, and on top each create is preceded by a look at the lease, at the
 * janitor and by a synced intent, and a create whose answer was lost is looked for by its name.
 */
export interface CarefulHand extends Remover {
  readonly run: string
  readonly reader: EngineReader
  /** Aborts, with the reason, when nothing may be created any more: the lock is lost, or the janitor is gone. */
  readonly lost: AbortSignal
  /**
   * Returns the id. Throws `LOCK_LOST`, `JANITOR_GONE`, `INTENTS_*`, and `CREATE_REFUSED` with what the engine said;
   * whatever it throws, what may have been created has an open intent.
   */
  create(kind: CreatedKind, spec: ObjectSpec & { readonly Name: string }, options?: AskOptions): Promise<string>
  /** When a full list no longer has it. */
  gone(kind: CreatedKind, name: string): Promise<void>
}
