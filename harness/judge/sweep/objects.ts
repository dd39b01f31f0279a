import type { LocalContainer, LocalVolume } from '../../model/facts/local-objects.ts'
import { lockName, type MarkReading, markOf } from '../../model/mark.ts'
import { isLive } from '../address/task-state.ts'
import type { SwarmFacts } from '../removal/swarm-facts.ts'

export type SweptKind = 'service' | 'network' | 'config' | 'secret'

/** An object of the Swarm, and what its labels say of whose it is. */
export interface Owned {
  readonly kind: SweptKind
  readonly id: string
  readonly name: string
  readonly reading: MarkReading
  /** Why it is no kind of thing that a run creates, whatever its labels say. */
  readonly alien?: string
}

/** In the order in which they go. */
export function objectsIn({ services, networks, configs, secrets }: SwarmFacts): readonly Owned[] {
  return [
    ...services.map(({ ID, Spec }) => ({ ...of('service', ID, Spec.Name), reading: markOf(Spec.Labels) })),
    ...networks.map(({ Id, Name, Labels, Scope, Ingress }) => ({
      ...{ ...of('network', Id, Name), reading: markOf(Labels) },
      ...(Scope === 'swarm' ? {} : { alien: 'it is a network of one engine alone' }),
      ...(Ingress ? { alien: 'it is the network of published ports' } : {}),
    })),
    ...configs.map(({ ID, Spec }) => ({ ...of('config', ID, Spec.Name), reading: markOf(Spec.Labels) })),
    ...secrets.map(({ ID, Spec }) => ({ ...of('secret', ID, Spec.Name), reading: markOf(Spec.Labels) })),
  ]
}

/** Live tasks of services that are gone, by what their containers say. */
export function straysIn({
  services,
  tasks,
}: SwarmFacts): readonly { readonly id: string; readonly reading: MarkReading }[] {
  const known = new Set(services.map(({ ID }) => ID))
  return tasks
    .filter((task) => isLive(task) && !known.has(task.ServiceID))
    .map(({ ID, Spec }) => ({ id: ID, reading: markOf(Spec?.ContainerSpec?.Labels) }))
}

/** What the engine that was asked has for itself: containers of tasks, and what no run creates. */
export interface LocalObjects {
  readonly containers: readonly LocalContainer[]
  readonly volumes: readonly LocalVolume[]
}

/** `service pvc-20261120t121700z-3f2a-7`. */
export function sayObject({ kind, name }: Pick<Owned, 'kind' | 'name'>): string {
  return `${kind} ${name}`
}

export function isLock({ kind, name }: Pick<Owned, 'kind' | 'name'>): boolean {
  return kind === 'config' && name === lockName
}

/** Whether it carries the sound mark of that run. */
export function isOf(run: string, reading: MarkReading): boolean {
  return reading.kind === 'mark' && reading.mark.run === run
}

function of(kind: SweptKind, id: string, name: string): Pick<Owned, 'kind' | 'id' | 'name'> {
  return { kind, id, name }
}
