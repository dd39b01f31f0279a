import { isOnItsWay } from '../../judge/address/balancers.ts'
import { isLive } from '../../judge/address/task-state.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { SmallLists } from './small-lists.ts'

interface Held {
  readonly lists: SmallLists
  readonly counts: AddressReading['counts']
}

/**
 * Who holds what, as a text that is the same where nothing of it changed. A task takes its addresses once and gives them
 * back once, and no id comes back: what is equal on both sides of an instant was so at that instant. A node that was
 * asked for its load balancer before it had made it must not look like one that has none.
 */
export function holdingsOf({ lists: { networks, nodes, tasks, attached }, counts }: Held): string {
  const overlays = networks.filter(({ Scope }) => Scope === 'swarm')
  const live = [...tasks, ...attached].filter(isLive)
  return JSON.stringify([
    sorted(overlays.map(({ Id, Driver, IPAM }) => [Id, Driver, IPAM.Config ?? []])),
    sorted(nodes.map(({ ID }) => [ID])),
    sorted(
      live.map((task) => [
        task.ID,
        task.NodeID,
        isOnItsWay(task),
        (task.NetworksAttachments ?? []).map(({ Network, Addresses }) => [Network.ID, Addresses ?? []]),
      ]),
    ),
    sorted(Object.entries(counts)),
  ])
}

/** By the id, which comes first in each. */
function sorted(items: readonly (readonly [string, ...unknown[]])[]): readonly (readonly unknown[])[] {
  return items.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
}
