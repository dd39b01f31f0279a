import type { EngineReader, Filters } from '../../reach/engine/reader.ts'
import type { EngineWriter } from '../../reach/engine/writer.ts'

/** The part of the writing hand that only takes away. */
export type Remover = Pick<EngineWriter, 'removeService' | 'removeNetwork' | 'removeConfig' | 'removeSecret'>

/** How long each part of a removal may take. */
export interface Deadlines {
  /** Until services, networks, configs and secrets that nobody uses are gone, each kind for itself. */
  readonly objectsMs: number
  /** Until the tasks have ended, on top of the time that their containers may take to stop. */
  readonly tasksMs: number
  /** For how long nothing but tasks on nodes that are down may be left before nobody waits for them. */
  readonly downNodeMs: number
}

export const defaultDeadlines: Deadlines = { objectsMs: 60_000, tasksMs: 60_000, downNodeMs: 15_000 }

/** What a part of a removal works with. */
export interface Work {
  readonly reader: EngineReader
  readonly writer: Remover
  readonly deadlines: Deadlines
  /** A list of tasks filtered so still has all of the plan's; all tasks by default. */
  readonly taskFilters?: Filters
  /** Resolves when it is time to look again. */
  readonly pause: (signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  /** Called with what is going on, whenever that is something else than before. */
  readonly onProgress: (what: string) => void
}
