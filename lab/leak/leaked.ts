import type { LiveTask } from './live-task.ts'

/** Addresses that nobody holds any more and nobody gets again, by the name of the network. */
export type Leaked = Readonly<Record<string, readonly string[]>>

/** The addresses that these tasks leave behind on networks other than their own, which are gone with their addresses. */
export function leftBy(tasks: readonly LiveTask[], isOwn: (network: string) => boolean): Leaked {
  const leaked: Record<string, string[]> = {}
  for (const [network, addresses] of tasks.flatMap((task) => Object.entries(task.addresses))) {
    if (!isOwn(network)) leaked[network] = [...(leaked[network] ?? []), ...addresses]
  }
  return leaked
}

/** All of them, each network's in the order of the addresses. */
export function joinLeaked(all: readonly Leaked[]): Leaked {
  const joined: Record<string, string[]> = {}
  for (const [network, addresses] of all.flatMap((leaked) => Object.entries(leaked))) {
    joined[network] = [...(joined[network] ?? []), ...addresses].sort(byAddress)
  }
  return joined
}

export function byAddress(a: string, b: string): number {
  return numberOf(a) - numberOf(b)
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}
