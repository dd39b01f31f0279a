import { joinErrors } from '../../core/errors.ts'
import { expiryAfter, holdsFor, labelsOf, lockName, type Mark } from '../../model/mark.ts'
import type { AskOptions, EngineReader } from '../../reach/engine/reader.ts'
import type { EngineWriter } from '../../reach/engine/writer.ts'
import type { EngineClock } from './engine-clock.ts'
import type { Intents } from './intents.ts'
import { findLock, type LockObject, relabelled } from './lock-object.ts'
import { lost, notReleased } from './lock-trouble.ts'
import { removeLock, troubleOf } from './remove-lock.ts'

export interface LockParts {
  readonly engine: Pick<EngineReader, 'configs'>
  readonly writer: Pick<EngineWriter, 'createConfig' | 'updateConfig' | 'removeConfig'>
  readonly clock: EngineClock
  readonly intents: Pick<Intents, 'intend' | 'created' | 'gone'>
  readonly run: string
  readonly owner: string
  readonly leaseSeconds: number
  /** The longest that a create made under the lock can take: so much of the lease must be left before each. */
  readonly createSeconds: number
}

/** The lock of a Swarm, while it is ours. */
export interface Hold {
  /** The mark of the lock: until when it is ours, by the engine's clock, where it is not renewed. */
  mark(): Mark
  /**
   * Before every create. Costs nothing while two thirds of the lease are left, and renews it else. Throws `LOCK_LOST`,
   * and then always.
   */
  assert(options?: AskOptions): Promise<void>
  /** Puts the end of the lease off. Throws `LOCK_LOST`; after any other error it is still ours, until its end. */
  renew(): Promise<void>
  /** Removes our own lock, and no other. Throws `LOCK_NOT_RELEASED`, and can be called again then. */
  release(options?: AskOptions): Promise<void>
}

/** `taken` is the lock as it was created; its id is never given to another. */
export function createHold(parts: LockParts, taken: LockObject): Hold {
  const { engine, writer, clock, intents, run, owner, leaseSeconds, createSeconds } = parts
  let current = taken
  let mark = markIn(taken)
  let ended: unknown
  let renewing: Promise<void> | undefined

  function markIn({ reading }: LockObject): Mark {
    if (reading.kind !== 'mark') throw lost('its labels have been changed')
    return reading.mark
  }

  function end(seen: string): unknown {
    ended ??= lost(seen)
    return ended
  }

  /** What is in the Swarm becomes what we know, where it is still ours. */
  function adopt(found: LockObject | undefined): void {
    if (found === undefined) throw end('it has been removed')
    if (found.id !== current.id || found.fenced) throw end('another run has taken it over')
    if (found.reading.kind !== 'mark' || found.reading.mark.run !== run) throw end('its labels have been changed')
    current = found
    mark = found.reading.mark
  }

  async function renewOnce(again = true): Promise<void> {
    if (ended !== undefined) throw ended
    const known = await clock.now()
    const now = holdsFor(0, mark, known) ? known : await clock.ask()
    // Not even where nobody has taken it: somebody may have begun to sweep what was ours.
    if (!holdsFor(0, mark, now)) throw end(`its lease ended at ${mark.expires}, before it was renewed`)
    const { id, version } = current
    const expires = expiryAfter(leaseSeconds, now)
    const trouble = await troubleOf(
      writer.updateConfig(id, version, relabelled(current, labelsOf({ run, owner, expires }))),
    )
    // An answer that was lost may stand for a change that was made: only a look can tell.
    const found = await findLock(engine).catch((also: unknown) => {
      throw trouble === undefined ? also : joinErrors(trouble, [also])
    })
    adopt(found)
    if (trouble === undefined || mark.expires === expires) return
    // The version has moved on, and the lock is ours: by a renewal of ours that came late, then.
    if (again && current.version !== version) return renewOnce(false)
    throw trouble
  }

  /** Shared by all who ask at once, and therefore called off by none of them. */
  function renew(): Promise<void> {
    renewing ??= renewOnce().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  async function release(options?: AskOptions): Promise<void> {
    end('it was given back')
    await removeLock({ engine, writer }, current.id, options).catch((error: unknown) => {
      throw notReleased(current.id, mark.expires, error)
    })
    await intents.gone('config', lockName)
  }

  const enoughMs = Math.max(createSeconds, (leaseSeconds * 2) / 3) * 1000
  return {
    mark: () => mark,
    async assert(options) {
      options?.signal?.throwIfAborted()
      if (ended !== undefined) throw ended
      if (holdsFor(enoughMs, mark, await clock.now(options))) return
      await renew()
      if (!holdsFor(createSeconds * 1000, mark, await clock.now(options))) {
        throw end(`too little of its lease, until ${mark.expires}, is left for a create`)
      }
    },
    renew,
    release,
  }
}
