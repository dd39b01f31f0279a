import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { Service } from '../../model/facts/services.ts'
import { isLive } from '../address/task-state.ts'

const stackLabel = 'com.docker.stack.namespace'

/** By the name of a stack: its services by id, and the ids of the networks that each is on. */
type Stacks = Map<string, Map<string, readonly string[]>>

/**
 * For each of these censuses, oldest first, how many stacks have gone since the one before, by network: a stack of which
 * no service is listed any more, and no task runs. One that was deployed again meanwhile counts, by its new services; one
 * that came and went between two readings is never seen. So these are the fewest that were removed.
 */
export function removedStacks(censuses: readonly AddressCensus[]): readonly ReadonlyMap<string, number>[] {
  const known: Stacks = new Map()
  return censuses.map(({ readings }) => {
    const gone = new Map<string, number>()
    for (const reading of readings) {
      for (const network of takeGone(known, reading)) gone.set(network, (gone.get(network) ?? 0) + 1)
      learn(known, reading.services)
    }
    return gone
  })
}

/** Of each stack that the reading has no more, the networks it was on. */
function takeGone(known: Stacks, { services, tasks }: AddressReading): readonly string[] {
  const alive = new Set([
    ...services.map(({ ID }) => ID),
    // A service goes at once, its tasks and their addresses later.
    ...tasks.filter(isLive).map(({ ServiceID }) => ServiceID),
  ])
  return [...known].flatMap(([stack, ids]) => {
    if ([...ids.keys()].some((id) => alive.has(id))) return []
    known.delete(stack)
    return [...new Set([...ids.values()].flat())]
  })
}

function learn(known: Stacks, services: readonly Service[]): void {
  for (const service of services) {
    const stack = service.Spec.Labels?.[stackLabel]
    if (stack === undefined) continue
    const ids = known.get(stack) ?? new Map<string, readonly string[]>()
    known.set(stack, ids.set(service.ID, networksOf(service)))
  }
}

function networksOf({ Spec, Endpoint }: Service): readonly string[] {
  return [
    ...(Spec.TaskTemplate.Networks ?? []).map(({ Target }) => Target),
    ...(Spec.Networks ?? []).map(({ Target }) => Target),
    // `ingress` is in no list of a service's networks.
    ...(Endpoint?.VirtualIPs ?? []).map(({ NetworkID }) => NetworkID),
  ]
}
