import type { StackOutcome, ThrowawayBatch } from '../../model/facts/throwaway-batch.ts'

export interface HeldAddress {
  readonly network: string
  readonly address: string
  /** In a reader's words: `the VIP of pvc-...-1`. */
  readonly whose: string
}

/** All that the run's stacks held, each once, on networks that are not their own: those go, and take theirs along. */
export function heldAddresses({ stacks }: ThrowawayBatch): readonly HeldAddress[] {
  // By its id where the list of names is older than it.
  const own = new Set(stacks.flatMap(({ name, networkId }) => [`${name}-net`, networkId ?? '']))
  const all = stacks.flatMap(({ name, addresses, vips }) => [
    ...ofEach(vips, `the VIP of ${name}`),
    ...ofEach(addresses, `the task of ${name}`),
  ])
  const each = new Map(
    all.filter(({ network }) => !own.has(network)).map((held) => [`${held.network} ${held.address}`, held]),
  )
  return [...each.values()]
}

function ofEach(byNetwork: Readonly<Record<string, readonly string[]>>, whose: string): readonly HeldAddress[] {
  return Object.entries(byNetwork).flatMap(([network, addresses]) =>
    addresses.map((address) => ({ network, address, whose })),
  )
}

/**
 * Stacks of which it was not seen what their service or its task held: each has a virtual address, and its task at least
 * one, unless it was refused or hung without any. Nobody has asked for those.
 */
export function heldUnseen({ stacks }: ThrowawayBatch): readonly StackOutcome[] {
  return stacks.filter(({ came, serviceId, removal, addresses, vips }) => {
    if (came !== 'running' && came !== 'ended' && came !== 'interrupted') return false
    if (serviceId === undefined) return removal === 'left'
    return Object.keys(addresses).length === 0 || Object.keys(vips).length === 0
  })
}
