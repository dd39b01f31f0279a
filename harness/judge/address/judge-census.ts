import type { AddressCensus, Walk } from '../../model/facts/addresses/census.ts'
import { formatAddress } from './cidr.ts'
import { expectCoincidences, mostCoincidences } from './coincidences.ts'
import { handsOutStretches } from './hands-out.ts'
import { heldDuring } from './held-during.ts'
import { judgeReading } from './judge-reading.ts'
import type { Leaked, NetworkCensus } from './network-census.ts'
import { addressesIn, common, type Stretches, sizeOfAll, unite, without } from './stretches.ts'
import { readLaps } from './walked-laps.ts'

/**
 * What a saved census says of one overlay. An address is called leaked only if every lap went past it and none was given
 * it, no reading knows a holder, and there were two laps, or more where many came and went. Throws NETWORK_NOT_READ where no reading lists the network.
 */
export function judgeCensus(census: AddressCensus, networkId: string): NetworkCensus {
  const last = census.readings.findLast(({ networks }) => networks.some(({ Id }) => Id === networkId))
  const read = judgeReading(last ?? census.readings.at(-1), networkId)
  const walk = census.walks.findLast((one) => one.networkId === networkId)
  if (walk === undefined) return read
  const isThere = census.readings.at(-1) === last
  const why = isThere ? walk.why : gone(read.name)
  if (!isThere || (walk.ended !== 'whole' && walk.ended !== 'window')) return unwalked(read, walk, why)
  return walked(read, census, walk)
}

/** What the engine counts holds whatever became of the walk. */
function unwalked(read: NetworkCensus, { ended }: Walk, why: Walk['why']): NetworkCensus {
  const refusal = why === undefined ? {} : { refusal: why }
  if (read.leaked.state !== 'unknown') return { ...read, ...refusal }
  return { ...read, leaked: { state: 'unknown', why: why?.seen ?? endedEarly[ended] }, ...refusal }
}

const endedEarly: Readonly<Record<Walk['ended'], string>> = {
  whole: 'the walk has no lap',
  window: 'the walk has no lap',
  refused: 'the network was not walked',
  stopped: 'the walk was broken off',
  unsure: 'dockerd or the leader changed during the walk',
}

function walked(read: NetworkCensus, census: AddressCensus, walk: Walk): NetworkCensus {
  const laps = readLaps(walk.laps)
  const [first] = laps
  if (first === undefined) return unwalked(read, walk, walk.why)
  const { ever, always, nameless, namelessAlways, isSure } = heldDuring(census.readings, walk)
  const usable = handsOutStretches(read.ledger.pools)
  const offered = unite(...laps.map((lap) => lap.offered))
  const passedByAll = laps.map((lap) => lap.walked).reduce(common)
  const passedByAny = unite(...laps.map((lap) => lap.walked))
  const neverOffered = common(without(passedByAll, offered), usable)
  const suspects = without(neverOffered, ever)
  const isConfirmed = laps.length >= 2 && isSure && expectCoincidences(laps, ever, usable) <= mostCoincidences
  const inUseOnce = unite(...laps.map((lap) => without(lap.walked, lap.offered)))
  const onceAndNotAgain = without(common(inUseOnce, unite(offered, ever)), always)
  const notPassed = without(without(without(usable, passedByAny), offered), ever)
  const partly = without(without(common(without(passedByAny, passedByAll), usable), offered), ever)
  const leaked = leakedOf({
    confirmed: isConfirmed ? suspects : [],
    open: sizeOfAll(notPassed) + sizeOfAll(partly) + (isConfirmed ? 0 : sizeOfAll(suspects)),
    nameless,
    namelessAlways,
  })
  const unconfirmed = unite(partly, isConfirmed ? [] : suspects)
  const engineSays = leaked.state === 'estimated' && read.leaked.state === 'estimated' ? read.leaked : leaked
  return {
    ...read,
    leaked: engineSays,
    free: freeOf(read, leaked),
    transient: texts(common(onceAndNotAgain, usable)),
    unconfirmed: texts(unconfirmed),
    ...(walk.why === undefined ? {} : { refusal: walk.why }),
    ...disagreementOf(read, leaked),
  }
}

interface Found {
  readonly confirmed: Stretches
  /** Addresses of which it is not known whether they can be handed out. */
  readonly open: number
  /** Load balancers of which only is known that they have an address: at most, and all the time. */
  readonly nameless: number
  readonly namelessAlways: number
}

function leakedOf({ confirmed, open, nameless, namelessAlways }: Found): Leaked {
  const found = sizeOfAll(confirmed)
  const atLeast = Math.max(0, found - nameless)
  if (open > 0) return { state: 'estimated', atLeast, atMost: Math.max(0, found + open - namelessAlways) }
  if (found === 0 || nameless === 0) return { state: 'exact', addresses: texts(confirmed) }
  if (nameless === namelessAlways) return { state: 'counted', count: atLeast, candidates: texts(confirmed) }
  return { state: 'estimated', atLeast, atMost: Math.max(0, found - namelessAlways) }
}

function freeOf(read: NetworkCensus, leaked: Leaked): NetworkCensus['free'] {
  const number = numberOf(leaked)
  if (number === undefined) return read.free
  return { count: Math.max(0, read.ledger.free - number), isExact: true }
}

/** Both went past the same allocator: where they differ, one of them is wrong, and a person should know. */
function disagreementOf(read: NetworkCensus, leaked: Leaked): { readonly disagreement?: string } {
  const number = numberOf(leaked)
  if (number === undefined || read.leaked.state !== 'estimated') return {}
  const { atLeast, atMost = Number.POSITIVE_INFINITY } = read.leaked
  if (number >= atLeast && number <= atMost) return {}
  const counted = atLeast === atMost ? `${atLeast}` : `${atLeast} to ${atMost}`
  return { disagreement: `the walk found ${number} leaked, and the engine's own count leaves room for ${counted}` }
}

/** How many have leaked, where that is known for certain. */
export function numberOf(leaked: Leaked): number | undefined {
  switch (leaked.state) {
    case 'exact':
      return leaked.addresses.length
    case 'counted':
      return leaked.count
    case 'estimated':
      return leaked.atLeast === leaked.atMost ? leaked.atLeast : undefined
    case 'unknown':
      return undefined
  }
}

function gone(name: string): NonNullable<Walk['why']> {
  return {
    code: 'NETWORK_GONE',
    seen: `${name} was removed while it was walked`,
    remedy: 'Take the census again for a network that stays.',
  }
}

function texts(stretches: Stretches): string[] {
  return addressesIn(stretches).map(formatAddress)
}
