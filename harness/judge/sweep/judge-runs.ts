import { type EngineNow, isExpired, type Mark } from '../../model/mark.ts'
import type { SwarmFacts } from '../removal/swarm-facts.ts'
import { type RunContainer, runContainers } from './containers.ts'
import { doubtOf, doubtsIn } from './doubts.ts'
import { isLock, isOf, type LocalObjects, type Owned, objectsIn, straysIn } from './objects.ts'

/** Where the runs of a Swarm are told from. */
export interface Scene {
  /** Listed after `now` was asked, so that nothing that was renewed since looks as if it had ended. */
  readonly facts: SwarmFacts
  readonly local: LocalObjects
  readonly now: EngineNow
  /** For how long after its end a lease is left alone: clocks of managers differ. */
  readonly graceSeconds: number
  /** Runs whose processes are certainly gone, as this very machine knows. */
  readonly gone: ReadonlyMap<string, { readonly owner: string }>
}

export interface DeadRun {
  readonly run: string
  readonly owner: string
  /** What carries its mark; its lock, where it still has one, is the last. */
  readonly objects: readonly Owned[]
  /** Live tasks of services that are gone. */
  readonly strays: readonly string[]
  /** On the engine that was asked. The Swarm removes those of tasks that it knows; the rest it has forgotten. */
  readonly containers: readonly RunContainer[]
}

export interface JudgedRuns {
  /** From oldest to newest. */
  readonly dead: readonly DeadRun[]
  readonly live: readonly { readonly run: string; readonly owner: string; readonly until: string }[]
  readonly doubtful: readonly string[]
}

/**
 * Which runs are over. One that holds the lock lives as long as its lease; one that does not, as long as the last of its
 * objects says; and one whose processes this machine knows to be gone lives no more.
 */
export function judgeRuns(scene: Scene): JudgedRuns {
  const { facts, local, gone } = scene
  const containers = runContainers(local.containers)
  const marks = marksIn(facts, containers)
  const judged = [...new Set([...marks.keys(), ...gone.keys()])].sort().map((run) => {
    const own = marks.get(run) ?? []
    const owner = own[0]?.owner ?? gone.get(run)?.owner ?? ''
    return { run, owner, until: livesUntil(run, own, scene) }
  })
  const live = judged.flatMap(({ run, owner, until }) => (until === undefined ? [] : [{ run, owner, until }]))
  const dead = judged.filter(({ until }) => until === undefined)
  return {
    live,
    dead: dead.map(({ run, owner }) => ({
      ...{ run, owner, ...belongingsOf(run, facts) },
      containers: containers.filter(({ mark }) => mark.run === run),
    })),
    doubtful: doubtsIn(facts, local, (run) => live.some((one) => one.run === run)),
  }
}

/** What is to be swept of a run that is over. */
export function belongingsOf(run: string, facts: SwarmFacts): Pick<DeadRun, 'objects' | 'strays'> {
  const own = objectsIn(facts).filter((object) => isOf(run, object.reading) && doubtOf(object) === undefined)
  return {
    objects: [...own.filter((object) => !isLock(object)), ...own.filter(isLock)],
    strays: straysIn(facts).flatMap(({ id, reading }) => (isOf(run, reading) ? [id] : [])),
  }
}

/** Of each run that has left anything, the marks. */
function marksIn(facts: SwarmFacts, containers: readonly RunContainer[]): ReadonlyMap<string, readonly Mark[]> {
  const marks = new Map<string, Mark[]>()
  const readings = [...objectsIn(facts).filter((object) => doubtOf(object) === undefined), ...straysIn(facts)].map(
    ({ reading }) => reading,
  )
  const read = readings.flatMap((reading) => (reading.kind === 'mark' ? [reading.mark] : []))
  for (const mark of [...read, ...containers.map((container) => container.mark)]) {
    const known = marks.get(mark.run)
    if (known === undefined) marks.set(mark.run, [mark])
    else known.push(mark)
  }
  return marks
}

/** When it ends at the latest as things are; `undefined` where it has ended. */
function livesUntil(
  run: string,
  marks: readonly Mark[],
  { facts, now, graceSeconds, gone }: Scene,
): string | undefined {
  if (gone.has(run)) return undefined
  const lock = lockIn(facts)
  const ends = lock?.run === run ? [later(lock.expires, graceSeconds)] : marks.map(({ expires }) => expires)
  const last = ends.reduce((a, b) => (Date.parse(a) < Date.parse(b) ? b : a), '1970-01-01T00:00:00Z')
  return isExpired({ expires: last }, now) ? undefined : last
}

function lockIn(facts: SwarmFacts): Mark | undefined {
  const lock = objectsIn(facts).find(isLock)
  return lock?.reading.kind === 'mark' ? lock.reading.mark : undefined
}

function later(moment: string, seconds: number): string {
  return new Date(Date.parse(moment) + seconds * 1000).toISOString()
}
