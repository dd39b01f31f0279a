import type { Task } from '../../model/facts/tasks.ts'

const ended = new Set(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'])

/** An ended task has given its addresses back; a stopping one has not. A state that we do not know counts as live. */
export function isLive(task: Task): boolean {
  return !ended.has(task.Status.State)
}

/** The addresses, without their prefix, that a task was given, each with the id of its network. */
export function addressesOf(task: Task): readonly { readonly networkId: string; readonly address: string }[] {
  return (task.NetworksAttachments ?? []).flatMap(({ Network, Addresses }) =>
    (Addresses ?? [])
      .map((address) => ({ networkId: Network.ID, address: withoutPrefix(address) }))
      .filter(({ address }) => address !== ''),
  )
}

export function addressesOn(networkId: string, task: Task): readonly string[] {
  return addressesOf(task)
    .filter((held) => held.networkId === networkId)
    .map(({ address }) => address)
}

/** The tasks of each service, those of the past included. */
export function tasksByService(tasks: readonly Task[]): ReadonlyMap<string, readonly Task[]> {
  const byService = new Map<string, Task[]>()
  for (const task of tasks) {
    const known = byService.get(task.ServiceID)
    if (known === undefined) byService.set(task.ServiceID, [task])
    else known.push(task)
  }
  return byService
}

export function withoutPrefix(address: string): string {
  const slash = address.indexOf('/')
  return slash < 0 ? address : address.slice(0, slash)
}
