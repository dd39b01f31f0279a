import { holdsFor, type Mark } from '../../model/mark.ts'
import type { AskOptions, EngineReader } from '../../reach/engine/reader.ts'
import type { EngineClock } from './engine-clock.ts'
import { findLock } from './lock-object.ts'
import { lost } from './lock-trouble.ts'

export interface HoldViewParts {
  readonly engine: Pick<EngineReader, 'configs'>
  readonly clock: EngineClock
  readonly run: string
  /** The longest that a create can take: so much of the lease must be left before each. */
  readonly createSeconds: number
}

/** The lock of a run, as seen by a process of it that only looks: another one renews it. */
export interface HoldView {
  /**
   * Before every create. Costs nothing while enough is left of the lease as it was last read, and reads it again else.
   * Throws `LOCK_LOST`, and then always; whatever else it throws, the lock may still be held.
   */
  assert(options?: AskOptions): Promise<void>
}

export function createHoldView({ engine, clock, run, createSeconds }: HoldViewParts): HoldView {
  let known: { readonly id: string; readonly mark: Mark } | undefined
  let ended: unknown
  let looking: Promise<void> | undefined

  function end(seen: string): unknown {
    ended ??= lost(seen)
    return ended
  }

  async function look(): Promise<void> {
    const found = await findLock(engine)
    if (found === undefined) throw end('it has been removed')
    if (found.fenced || (known !== undefined && found.id !== known.id)) throw end('another run has taken it over')
    if (found.reading.kind !== 'mark') throw end('its labels have been changed')
    const { mark } = found.reading
    if (mark.run !== run) throw end(`the run ${mark.run} holds it`)
    known = { id: found.id, mark }
  }

  /** Shared by all who ask at once, and therefore called off by none of them. */
  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }

  const isEnough = async (options: AskOptions | undefined): Promise<boolean> =>
    known !== undefined && holdsFor(createSeconds * 1000, known.mark, await clock.now(options))

  return {
    async assert(options) {
      options?.signal?.throwIfAborted()
      if (ended !== undefined) throw ended
      if (await isEnough(options)) return
      await lookOnce()
      if (await isEnough(options)) return
      throw end(`too little of its lease, until ${known?.mark.expires}, is left for a create`)
    },
  }
}
