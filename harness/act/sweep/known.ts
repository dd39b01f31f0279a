import { PvcheckError } from '../../core/errors.ts'
import type { SwarmFacts } from '../../judge/removal/swarm-facts.ts'
import { belongingsOf } from '../../judge/sweep/judge-runs.ts'
import { isLock, type Owned, sayObject } from '../../judge/sweep/objects.ts'
import type { OpenIntent } from '../mark/read-intents.ts'
import type { SweepParts } from './parts.ts'

/** What is known of a run while it is being swept. */
export interface Known {
  readonly run: string
  /** From the last mark that was seen; empty where none was. */
  owner(): string
  /** As of the last look. */
  facts(): SwarmFacts
  note(facts: SwarmFacts): void
  /** Whether there is anything in it that has not been seen yet. */
  isMore(facts: SwarmFacts): boolean
  hasLock(): boolean
  lockIsGone(): void
  readonly seenNames: ReadonlySet<string>
  /** What was seen and is not there any more: `service pvc-20261120t121700z-3f2a-7`. */
  removed(): readonly string[]
  present(): ReadonlySet<string>
  /** The tasks of what was seen, be their services there or not. */
  taskIds(): ReadonlySet<string>
  open(): readonly OpenIntent[]
  /** Whether a create that was under way may still be carried out. */
  mayAppear(): boolean
}

export function createKnown(run: string, { intents, keepLock }: Pick<SweepParts, 'intents' | 'keepLock'>): Known {
  const seen = new Map<string, Owned>()
  const seenNames = new Set<string>()
  const appearUntilMs = performance.now() + (intents?.mayAppearMs ?? 0)
  let last: SwarmFacts | undefined
  let owner = ''
  let isLockGone = false
  const facts = (): SwarmFacts => {
    if (last === undefined) throw unseen(run)
    return last
  }
  const isMeant = (one: Pick<Owned, 'kind' | 'name'>): boolean => !isLock(one) || (keepLock !== true && !isLockGone)
  const objectsOf = (given: SwarmFacts): readonly Owned[] => belongingsOf(run, given).objects.filter(isMeant)

  return {
    run,
    seenNames,
    facts,
    owner: () => owner,
    note(given) {
      last = given
      for (const object of objectsOf(given)) {
        seen.set(object.id, object)
        seenNames.add(sayObject(object))
        if (object.reading.kind === 'mark') owner = object.reading.mark.owner
      }
    },
    isMore: (given) => objectsOf(given).some((object) => !seenNames.has(sayObject(object))),
    hasLock: () => objectsOf(facts()).some(isLock),
    lockIsGone: () => {
      isLockGone = true
    },
    removed: () => {
      const there = new Set(objectsOf(facts()).map(({ id }) => id))
      return [...seen.values()].filter(({ id }) => !there.has(id)).map(sayObject)
    },
    present: () => new Set(objectsOf(facts()).map(sayObject)),
    taskIds: () => {
      const strays = new Set(belongingsOf(run, facts()).strays)
      const tasks = facts().tasks.filter(({ ID, ServiceID }) => strays.has(ID) || seen.has(ServiceID))
      return new Set(tasks.map(({ ID }) => ID))
    },
    open: () => (intents?.open ?? []).filter((intent) => !isLock(intent) || keepLock !== true),
    mayAppear: () => performance.now() < appearUntilMs,
  }
}

function unseen(run: string): PvcheckError {
  return new PvcheckError({
    code: 'SWEEP_MISUSED',
    seen: `nobody has looked at what the run ${run} left`,
    wanted: 'a look before anything is said of it',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
