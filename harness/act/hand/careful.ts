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
  /**
   * The labels of whatever the run creates now, for what no hand creates: a container that a command starts. Throws
   * `LOCK_LOST` and `JANITOR_GONE`.
   */
  marks(options?: AskOptions): Promise<Readonly<Record<string, string>>>
  /** Many small services, each there for a moment only. */
  readonly many: ManyServices
}

/** What became of one create among many: without an id it was refused, or it is swept. */
export interface Attempted {
  readonly name: string
  readonly id?: string
  readonly error?: unknown
}

/** As `create`, `removeService` and `gone` do, for services of which there are many at once. */
export interface ManyServices {
  /** For lists that are asked for all the time, over connections that are kept. */
  readonly reader: EngineReader
  /**
   * All at once, after one sync for all their intents. Throws what `create` does where nothing was sent; after that each
   * has its outcome, in the same order.
   */
  create(
    specs: readonly (ObjectSpec & { readonly Name: string })[],
    options?: AskOptions,
  ): Promise<readonly Attempted[]>
  /**
   * Removes those services that stand in an answer which was asked for right before, all at once: what proves that they
   * are the run's is in it. Throws `OWN_NOT_OURS` and the like, the first error of all after each was tried.
   */
  remove(services: readonly unknown[], options?: AskOptions): Promise<void>
  /**
   * When a list no longer has them. Neither this nor that they were created is written down at once, but with the next
   * intents, for who has only the intent looks for what came of it.
   */
  gone(names: readonly string[]): void
  /** Resolves when all is on disk. */
  flush(): Promise<void>
}
