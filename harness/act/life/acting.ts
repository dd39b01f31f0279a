import { z } from 'zod'
import type { Throwaway } from '../../model/throwaway.ts'
import type { Connection } from '../../reach/target.ts'
import type { CreatedKind } from '../mark/intent-line.ts'
import type { SweepReport } from '../sweep/report.ts'

/** All that the worker of a run needs to act under the run's lock; plain data, no secrets. */
export const actingHandleSchema = z.strictObject({
  run: z.string(),
  owner: z.string(),
  stateDir: z.string(),
  /** Whoever acts is connected to it while it does: the janitor knows by the end of it that it is dead. */
  janitorSocket: z.string(),
  /** The longest that one create can take: so much of the lease must be left before each. */
  createSeconds: z.number(),
  /** When what is created ends by itself, and may be swept by anybody. */
  lifetimeSeconds: z.number(),
})
export type ActingHandle = z.infer<typeof actingHandleSchema>

/** What a run that acts is begun with. */
export interface ActingPlan {
  readonly run: string
  /** The `name` of the configuration. */
  readonly owner: string
  readonly stateDir: string
  readonly throwaway: Throwaway
  /** Told to a person: what is being waited for. */
  readonly onProgress: (what: string) => void
}

/**
 * A run's licence to act: the lock of the Swarm, kept renewed, a janitor that has said that it is there, a timer on the
 * manager, and the file of intents. It belongs to the main process; workers act by its `handle`.
 */
export interface Acting {
  readonly handle: ActingHandle
  /** Aborts with the reason when the run may create nothing any more. */
  readonly lost: AbortSignal
  /**
   * Once nobody acts any more: removes all that is left of the run, over a connection that may be another one than at
   * the beginning. Called again, it goes on.
   */
  settle(connection: Connection, signal: AbortSignal): Promise<SweepReport>
  /** What the run has created, from its intents, also of what is long gone. */
  deeds(): Promise<readonly { readonly kind: CreatedKind; readonly name: string; readonly id?: string }[]>
  /**
   * Ends it: with nothing left, the lock, the timer and the file go, and then the janitor. With something left it only
   * lets go of them, so that the janitor goes on.
   */
  end(connection: Connection, isClean: boolean): Promise<void>
}
