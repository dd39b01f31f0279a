import { plain } from '../../core/text.ts'
import type { AddressCensus, Walk } from '../../model/facts/addresses/census.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { AddressesAfter, AskedAddress } from '../../model/facts/residue/addresses-after.ts'
import { expectCoincidences, mostCoincidences } from '../address/coincidences.ts'
import { handsOutStretches } from '../address/hands-out.ts'
import { heldDuring } from '../address/held-during.ts'
import { type Holder, indexHolders } from '../address/holders.ts'
import { ledgerOf } from '../address/ledger.ts'
import { readLaps } from '../address/walked-laps.ts'
import type { HeldAddress } from './held-addresses.ts'
import { saidBy } from './walked-over.ts'

/** What is known of an address that the run held. */
export type Became =
  | { readonly state: 'free' | 'lost' }
  | { readonly state: 'held'; readonly who: string }
  | { readonly state: 'unknown'; readonly why: string }

/** Tells of each address that was held what has become of it. */
export function becameOf(after: AddressesAfter): (held: HeldAddress) => Became {
  const readings = [...(after.census?.readings ?? []), ...(after.reading === undefined ? [] : [after.reading])]
  const holdersIn = readings.map((reading) => holdersByNetwork(reading))
  return ({ network, address }) => {
    const asked = after.asked.find((one) => one.network === network && one.address === address)
    if (asked === undefined) return { state: 'unknown', why: 'it was not asked for' }
    const holders = holdersIn.flatMap((named) => named(network))
    const holder = holders.find((one) => one.address === address)
    const said = saidOf(asked, idOf(readings, network), after)
    if (said.state !== 'lost') return holder !== undefined && said.state === 'unknown' ? heldBy(holder) : said
    if (holder !== undefined) return heldBy(holder)
    return holders.some((one) => one.address === undefined) ? { state: 'unknown', why: maybeBalancer } : said
  }
}

const maybeBalancer =
  'nobody is given it; it may be that of the load balancer of another node, which cannot be asked from here'

/** By the walk, or by itself; holders are another matter. */
function saidOf(asked: AskedAddress, networkId: string | undefined, { census }: AddressesAfter): Became {
  const { how, address, why } = asked
  if (how === 'free') return { state: 'free' }
  if (how === 'taken') return { state: 'lost' }
  if (how === 'unasked') return { state: 'unknown', why: why === undefined ? 'nobody asked' : sayWhy(why) }
  const walk = census?.walks.find((one) => one.networkId === networkId)
  const said = (walk?.laps ?? []).flatMap((lap) => saidBy(lap, address) ?? [])
  if (said.includes('free')) return { state: 'free' }
  // Who asked only once may have come by while somebody else had it for a moment.
  if (said.length > 1 && walk !== undefined && walk.ended !== 'unsure')
    return census !== undefined && mayBeChance(census, walk) ? { state: 'unknown', why: busy } : { state: 'lost' }
  if (walk?.why !== undefined) return { state: 'unknown', why: sayWhy(walk.why) }
  return { state: 'unknown', why: `it was in use in ${said.length} of 2 laps` }
}

const busy = 'so many come and go that somebody may have had it for a moment each time it was asked for'

function mayBeChance({ readings }: AddressCensus, walk: Walk): boolean {
  const last = readings.findLast(({ networks }) => networks.some(({ Id }) => Id === walk.networkId))
  const network = last?.networks.find(({ Id }) => Id === walk.networkId)
  if (last === undefined || network === undefined) return true
  const usable = handsOutStretches(ledgerOf(last, network).pools)
  return expectCoincidences(readLaps(walk.laps), heldDuring(readings, walk).ever, usable) > mostCoincidences
}

function sayWhy({ code, seen }: { readonly code: string; readonly seen: string }): string {
  return `${plain(code, 60)}: ${plain(seen, 300)}`
}

function heldBy({ who }: Holder): Became {
  return { state: 'held', who: plain(who, 160) }
}

function holdersByNetwork(reading: AddressReading): (network: string) => readonly Holder[] {
  const holdersOn = indexHolders(reading)
  return (name) => overlaysNamed(reading, name).flatMap(holdersOn)
}

function idOf(readings: readonly AddressReading[], name: string): string | undefined {
  return readings.flatMap((reading) => overlaysNamed(reading, name))[0]?.Id
}

function overlaysNamed({ networks }: AddressReading, name: string): readonly Network[] {
  return networks.filter(({ Name, Scope }) => Name === name && Scope === 'swarm')
}
