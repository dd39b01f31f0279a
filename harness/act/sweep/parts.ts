import type { EngineReader } from '../../reach/engine/reader.ts'
import type { EngineWriter } from '../../reach/engine/writer.ts'
import type { CreatedKind } from '../mark/intent-line.ts'
import type { OpenIntent } from '../mark/read-intents.ts'
import type { Deadlines } from '../remove/hands.ts'

/** What a sweep works with. */
export interface SweepParts {
  readonly reader: EngineReader
  /** The bare hand: what is swept goes through an own hand of its run. */
  readonly writer: EngineWriter
  /** The run's own file, where it is here and nobody writes into it any more. */
  readonly intents?: SweepIntents
  /** Whether the run's lock stays, for whoever holds it gives it back; by default it goes, last of all. */
  readonly keepLock?: boolean
  /** How many stacks at once. */
  readonly atOnce: number
  readonly signal: AbortSignal
  /** Told to a person, whenever it is something else than before. */
  readonly onProgress: (what: string) => void
  readonly deadlines?: Partial<Deadlines>
  readonly intervalMs?: number
  /** Until containers that the engine is told to remove are gone; 30 s by default. */
  readonly removalMs?: number
  /** How long the engine has for removing the containers of ended tasks by itself, which takes it about 2 s; 10 s by default. */
  readonly containersMs?: number
}

export interface SweepIntents {
  readonly open: readonly OpenIntent[]
  /** For how long from now what has no id may still appear: as long as a create can take, from the end of who sent it. */
  readonly mayAppearMs: number
  /** When a full list no longer has it. */
  gone(kind: CreatedKind, name: string): Promise<void>
}
