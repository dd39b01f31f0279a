import type { Objects, ResidueContainer, ResidueVolume } from '../../model/facts/residue/objects.ts'
import type { SwarmObject } from '../../model/facts/residue/swarm-object.ts'
import type { runDeeds } from '../../model/facts/run-deeds.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { lockName, markLabels, parseName } from '../../model/mark.ts'
import { isLive } from '../address/task-state.ts'

/** The run, and all that its intents say it may have created. */
export type RunDeeds = ReturnType<(typeof runDeeds)['schema']['parse']>

type Labels = Readonly<Record<string, string>> | null | undefined

/** Whether it says of itself that it is the run's: by its label, damaged or not, or by a name that the run gives. */
export function saysOurs({ run }: RunDeeds, { name, labels }: { name: string; labels?: Labels }): boolean {
  return labels?.[markLabels.run] === run || parseName(name)?.run === run
}

/** Whether an intent of the run is about it, by its id or by its name. */
export function isNamed({ deeds }: RunDeeds, { kind, id, name }: Pick<SwarmObject, 'kind' | 'id' | 'name'>): boolean {
  return deeds.some((deed) => deed.kind === kind && (deed.id === id || deed.name === name))
}

/** The lock is held until everything else is proven to be gone: it is no residue, and it ends with the run. */
function isOwnLock({ run }: RunDeeds, { kind, name, labels }: SwarmObject): boolean {
  return kind === 'config' && name === lockName && labels[markLabels.run] === run
}

/** What of the run is in the Swarm. */
export function objectsOf(deeds: RunDeeds, { objects }: Objects): readonly SwarmObject[] {
  return objects.filter((object) => !isOwnLock(deeds, object) && (isNamed(deeds, object) || saysOurs(deeds, object)))
}

/**
 * The run's tasks that still hold something. One that has ended holds nothing, whatever addresses it is listed with:
 * of a service that is gone, Swarm forgets each task as soon as it has ended.
 */
export function tasksOf(deeds: RunDeeds, { objects, tasks }: Objects): readonly Task[] {
  const services = new Set([
    ...idsOf(deeds, 'service'),
    ...objects.filter((object) => object.kind === 'service' && saysOurs(deeds, object)).map(({ id }) => id),
  ])
  return tasks.filter(
    (task) =>
      isLive(task) &&
      (services.has(task.ServiceID) || task.Spec?.ContainerSpec?.Labels?.[markLabels.run] === deeds.run),
  )
}

const serviceLabel = 'com.docker.swarm.service.id'

/** Containers with its label, of its services, or with a name that it gives, in whatever state. */
export function containersOf(deeds: RunDeeds, { containers }: Objects): readonly ResidueContainer[] {
  const services = idsOf(deeds, 'service')
  return containers.filter(
    ({ Names, Labels }) =>
      services.has(Labels?.[serviceLabel] ?? '') ||
      [...(Names ?? []), ''].some((name) => saysOurs(deeds, { name: name.replace(/^\//, ''), labels: Labels })),
  )
}

/** Containers of somebody else on a network of the run. One that never started knows it by name alone. */
export function guestsOf(deeds: RunDeeds, objects: Objects): readonly ResidueContainer[] {
  const ids = idsOf(deeds, 'network')
  const names = new Set(deeds.deeds.flatMap(({ kind, name }) => (kind === 'network' ? [name] : [])))
  const ours = new Set(containersOf(deeds, objects))
  return objects.containers.filter(
    (container) =>
      !ours.has(container) &&
      Object.entries(container.NetworkSettings?.Networks ?? {}).some(
        ([name, joined]) => ids.has(joined?.NetworkID ?? '') || names.has(name),
      ),
  )
}

export function volumesOf(deeds: RunDeeds, { volumes }: Objects): readonly ResidueVolume[] {
  return volumes.filter(({ Name, Labels }) => saysOurs(deeds, { name: Name, labels: Labels }))
}

export interface OverlayTrace {
  /** `namespace 1-k27llwu9aw`, `interface vx-001001-k27ll`. */
  readonly what: string
  /** The name of its network, by the intent. */
  readonly network: string
}

/** What the host still has of networks of the run that are in the Swarm no more. */
export function overlaysOf(deeds: RunDeeds, { objects, host }: Objects): readonly OverlayTrace[] {
  if (host.kind === 'unseen') return []
  const present = objects.filter(({ kind }) => kind === 'network').map(({ id }) => id)
  const removed = deeds.deeds.flatMap(({ kind, id, name }) =>
    kind === 'network' && id !== undefined && !present.includes(id) ? [{ id, name }] : [],
  )
  return removed.flatMap(({ id, name }) => {
    // The name of an interface has room for five characters of the id, which another network may share.
    const isAlone = !present.some((other) => other.slice(0, 5) === id.slice(0, 5))
    return [
      ...host.namespaces.filter((file) => isNamespaceOf(id, file)).map((file) => `namespace ${file}`),
      ...host.interfaces.filter((link) => isAlone && isInterfaceOf(id, link)).map((link) => `interface ${link}`),
    ].map((what) => ({ what, network: name }))
  })
}

/** As libnetwork names them: `1-<ten characters>` for the overlay, `lb_<nine>` for its load balancer. */
function isNamespaceOf(id: string, file: string): boolean {
  return (/^\d+-/.test(file) && file.endsWith(`-${id.slice(0, 10)}`)) || file === `lb_${id.slice(0, 9)}`
}

/** In the host's own namespace only while an overlay is set up, or where that failed half-way. */
function isInterfaceOf(id: string, link: string): boolean {
  return /^(?:vx|ov)-[0-9a-f]{6}-/.test(link) && link.endsWith(`-${id.slice(0, 5)}`)
}

/** How many things of the run are there that may yet go by themselves. */
export function countLeft(deeds: RunDeeds, objects: Objects): number {
  return [objectsOf, tasksOf, containersOf, volumesOf, overlaysOf].reduce(
    (sum, left) => sum + left(deeds, objects).length,
    0,
  )
}

export function idsOf({ deeds }: RunDeeds, wanted: SwarmObject['kind']): ReadonlySet<string> {
  return new Set(deeds.flatMap(({ kind, id }) => (kind === wanted && id !== undefined ? [id] : [])))
}
