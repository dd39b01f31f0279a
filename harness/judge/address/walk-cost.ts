import type { CanaryKind } from '../../model/facts/addresses/census.ts'

/** The most services without replicas that are worth being there at once: with more, an address gets no cheaper. */
export const mostServicesAtOnce = 64

/**
 * How long one batch of canaries takes from the first create until the last is gone, as measured on two cores: services
 * of a virtual address each cost little together, and a service of many tasks costs most until its tasks are gone.
 */
export function batchMs(kind: CanaryKind, count: number): number {
  return kind === 'tasks' ? 250 + 0.55 * count : 15 + 1.7 * count
}

/** Of the two kinds that can ask a network other than `ingress`, the one that is cheaper for each address. */
export function cheaperKind(count: number): 'vip' | 'tasks' {
  const services = Math.min(count, mostServicesAtOnce)
  return batchMs('tasks', count) / count < batchMs('vip', services) / services ? 'tasks' : 'vip'
}

/**
 * By how many bytes dockerd has grown for each address that was asked, as measured over a whole /16: its raft log keeps
 * each change of a canary, whole, until it is compacted.
 */
export const engineBytesPerAddress: Readonly<Record<CanaryKind, number>> = {
  vip: 15_000,
  tasks: 9_000,
  ingress: 15_000,
}
