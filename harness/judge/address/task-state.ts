import type { Task } from '../../model/facts/tasks.ts'

const ended = new Set(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'])

/** An ended task has given its addresses back; a stopping one has not. A state that we do not know counts as live. */
export function isLive(task: Task): boolean {
  return !ended.has(task.Status.State)
}

/** The addresses, without their prefix, that a task was given on a network. */
export function addressesOn(networkId: string, task: Task): readonly string[] {
  return (task.NetworksAttachments ?? [])
    .filter(({ Network }) => Network.ID === networkId)
    .flatMap(({ Addresses }) => Addresses ?? [])
    .map(withoutPrefix)
    .filter((address) => address !== '')
}

export function withoutPrefix(address: string): string {
  return address.split('/')[0] ?? ''
}
