import type { Walk } from '../../model/facts/addresses/census.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { Network } from '../../model/facts/networks.ts'
import { parseAddress } from './cidr.ts'
import { type Holder, indexHolders } from './holders.ts'
import { common, gather, type Stretches, unite } from './stretches.ts'

/** Who held what around a walk: right before, between its laps and right after. */
export interface HeldDuring {
  /** Held in one reading at least, and in all of them. An address that two share counts once. */
  readonly ever: Stretches
  readonly always: Stretches
  /** Load balancers that no reading knows by address: those of some reading, and those of all. */
  readonly nameless: number
  readonly namelessAlways: number
  /** Whether there is a reading on either side of the walk, and between its laps. */
  readonly isSure: boolean
}

export function heldDuring(all: readonly AddressReading[], walk: Walk): HeldDuring {
  const { readings, isSure } = readingsAround(all, walk)
  const seen = readings.flatMap((reading) => {
    const network = reading.networks.find(({ Id }) => Id === walk.networkId)
    return network === undefined ? [] : [{ network, holders: indexHolders(reading)(network) }]
  })
  const held = seen.map(({ holders }) => gather(holders.flatMap(({ address }) => parseAddress(address ?? '') ?? [])))
  const named = new Set(seen.flatMap(({ holders }) => holders.filter(isNamedBalancer).map(({ nodeId }) => nodeId)))
  const without = seen.map(
    ({ holders }) => new Set(holders.filter((one) => isNameless(one, named)).map(({ nodeId }) => nodeId)),
  )
  const nodes = new Set(without.flatMap((one) => [...one]))
  // Lists that never agreed may lack the task for which a node has its load balancer.
  const maybe = readings.some(({ moved }) => moved) ? unasked(readings, seen[0]?.network, named) : []
  return {
    ever: unite(...held),
    always: held.length === 0 ? [] : held.reduce(common),
    nameless: new Set([...nodes, ...maybe]).size,
    namelessAlways: [...nodes].filter((node) => without.every((one) => one.has(node))).length,
    isSure: isSure && seen.length >= 2,
  }
}

/** From the last one that ended before the first lap to the first one that began after the last. */
function readingsAround(
  all: readonly AddressReading[],
  { laps }: Walk,
): { readings: readonly AddressReading[]; isSure: boolean } {
  const begin = Date.parse(laps[0]?.startedAt ?? '')
  const end = Date.parse(laps.at(-1)?.endedAt ?? '')
  const before = all.findLastIndex(({ endedAt }) => Date.parse(endedAt) <= begin)
  const after = all.findIndex(({ startedAt }) => Date.parse(startedAt) >= end)
  // A clock that was put back in the middle: all of them are looked at then, and nothing is certain.
  if (before < 0 || after < 0 || after <= before) return { readings: all, isSure: false }
  return { readings: all.slice(before, after + 1), isSure: isReadBetween(all, laps) }
}

/** Whoever held an address in two laps was there between them: without a look then, he could be overlooked. */
function isReadBetween(all: readonly AddressReading[], laps: Walk['laps']): boolean {
  return laps.slice(1).every((lap, index) => {
    const [from, to] = [Date.parse(laps[index]?.endedAt ?? ''), Date.parse(lap.startedAt)]
    return all.some(({ startedAt, endedAt }) => Date.parse(startedAt) >= from && Date.parse(endedAt) <= to)
  })
}

function isNamedBalancer({ kind, address }: Holder): boolean {
  return kind === 'balancer' && address !== undefined
}

function isNameless({ kind, address, nodeId }: Holder, named: ReadonlySet<string>): boolean {
  return kind === 'balancer' && address === undefined && !named.has(nodeId)
}

/** Nodes whose engine was not asked, and that may have a load balancer on the network all the same. */
function unasked(
  readings: readonly AddressReading[],
  network: Network | undefined,
  named: ReadonlySet<string>,
): string[] {
  if (network === undefined) return []
  return readings.flatMap(({ nodes, balancersOf }) =>
    nodes.map(({ ID }) => ID).filter((id) => !balancersOf.includes(id) && !named.has(id)),
  )
}
