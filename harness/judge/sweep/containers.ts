import type { LocalContainer } from '../../model/facts/local-objects.ts'
import { type Mark, markOf, parseName } from '../../model/mark.ts'

/** A container of a run's task, on the engine that was asked. */
export interface RunContainer {
  readonly id: string
  readonly name: string
  readonly mark: Mark
}

/** Those that a task of some run had: with its mark, and called like it. */
export function runContainers(containers: readonly LocalContainer[]): readonly RunContainer[] {
  return containers.flatMap((container) => {
    const reading = markOf(container.Labels)
    if (reading.kind !== 'mark' || parseName(serviceIn(container))?.run !== reading.mark.run) return []
    return [{ id: container.Id, name: nameOfContainer(container), mark: reading.mark }]
  })
}

/** `container pvc-20261120t121700z-3f2a-7.1.x9q2`. */
export function sayContainer({ name }: Pick<RunContainer, 'name'>): string {
  return `container ${name}`
}

export function nameOfContainer({ Id, Names }: LocalContainer): string {
  return Names?.[0]?.replace(/^\//, '') ?? Id
}

/** Of its service, where it has one: an engine calls a container of a task `<service>.<slot>.<task>`. */
export function serviceIn(container: LocalContainer): string {
  return nameOfContainer(container).split('.')[0] ?? ''
}
