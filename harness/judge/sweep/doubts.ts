import { taskLabel } from '../../model/facts/local-objects.ts'
import { lockName, type MarkReading, markOf, parseName } from '../../model/mark.ts'
import type { SwarmFacts } from '../removal/swarm-facts.ts'
import { nameOfContainer, serviceIn } from './containers.ts'
import { type LocalObjects, type Owned, objectsIn, sayObject } from './objects.ts'

/** Why nobody can tell whose an object is, though something of it looks like ours; it is left alone then. */
export function doubtOf({ name, reading, alien }: Pick<Owned, 'name' | 'reading' | 'alien'>): string | undefined {
  const parsed = parseName(name)
  if (reading.kind === 'damaged') return `its mark cannot be read: ${reading.why}`
  if (reading.kind === 'mark' && alien !== undefined) return `it carries a mark of pvcheck, but ${alien}`
  if (reading.kind === 'none') {
    if (name === lockName) return 'it is called like the lock of pvcheck, and carries no mark of a run'
    return parsed === undefined
      ? undefined
      : `it is called like one of the run ${parsed.run}, and carries no mark of it`
  }
  if (parsed?.run === reading.mark.run || name === lockName) return undefined
  // Labels come along when somebody makes a new object from what an old one was; names are each given once.
  return parsed === undefined
    ? `it carries the mark of the run ${reading.mark.run}, and is not called like one of it`
    : `it is called like one of the run ${parsed.run}, and carries the mark of the run ${reading.mark.run}`
}

/** All that only looks like ours, each with the reason. `isLive` is whether a run may still be going on. */
export function doubtsIn(facts: SwarmFacts, local: LocalObjects, isLive: (run: string) => boolean): readonly string[] {
  const known = new Set(facts.tasks.map(({ ID }) => ID))
  return [
    ...objectsIn(facts).flatMap((object) => doubtAs(sayObject(object), doubtOf(object))),
    ...facts.services.flatMap(({ Spec }) => {
      const inner = markOf(Spec.TaskTemplate.ContainerSpec?.Labels)
      const isOnlyInner =
        markOf(Spec.Labels).kind === 'none' && inner.kind !== 'none' && parseName(Spec.Name) === undefined
      return isOnlyInner ? [`service ${Spec.Name}: only its containers carry a mark of pvcheck`] : []
    }),
    ...local.containers.flatMap((container) => {
      // What a task runs goes with its service.
      if (known.has(container.Labels?.[taskLabel] ?? '')) return []
      const reading = markOf(container.Labels)
      if (reading.kind === 'mark' && isLive(reading.mark.run)) return []
      return doubtAs(`container ${nameOfContainer(container)}`, doubtOf({ name: serviceIn(container), reading }))
    }),
    ...local.volumes.flatMap(({ Name, Labels }) =>
      doubtAs(`volume ${Name}`, doubtOfVolume(Name, markOf(Labels), isLive)),
    ),
  ]
}

function doubtOfVolume(name: string, reading: MarkReading, isLive: (run: string) => boolean): string | undefined {
  if (reading.kind !== 'mark') return doubtOf({ name, reading })
  if (isLive(reading.mark.run)) return undefined
  return `it carries the mark of the run ${reading.mark.run}, and is of a kind that no run creates`
}

function doubtAs(what: string, why: string | undefined): readonly string[] {
  return why === undefined ? [] : [`${what}: ${why}`]
}
