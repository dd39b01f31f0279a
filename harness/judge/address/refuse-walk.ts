import { plain } from '../../core/text.ts'
import type { CensusSettings } from '../../model/census.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { Waiting } from '../network/waiting.ts'
import { count, duration, list } from '../say.ts'
import type { Ledger } from './ledger.ts'
import { isAllocated, nameOf, overlaysOf, subnetsOf } from './overlay.ts'

/** Why a network is not walked: nothing is created then. */
export interface Refusal {
  readonly code: string
  readonly seen: string
  readonly remedy: string
}

/** What kind of thing it is; undefined where it is an overlay whose addresses this engine hands out itself. */
export function refuseNetwork(name: string, network: Network | undefined): Refusal | undefined {
  if (network === undefined) {
    return refusal(
      'NETWORK_MISSING',
      `the Swarm has no network ${plain(name, 100)}`,
      'See `docker network ls --filter driver=overlay` on a manager; on a worker the Swarm does not list them.',
    )
  }
  const called = plain(nameOf(network), 120)
  if (overlaysOf([network]).length === 0) {
    return refusal(
      'NOT_OVERLAY',
      `${called} is no overlay: its driver is ${plain(network.Driver, 60) || 'none'}, its scope ${plain(network.Scope, 60)}`,
      'Name an overlay of the Swarm: only those get their addresses from the leading manager.',
    )
  }
  if (network.Driver === '' || (network.IPAM.Config ?? []).length === 0) {
    return refusal(
      'NOT_ALLOCATED',
      `${called} was never given a subnet`,
      `The engine's log says why, mostly \`Pool overlaps with other one on this address space\`: remove the services on it, then \`docker network rm ${network.Id}\`, and create it again with a subnet that is free.`,
    )
  }
  if (!isAllocated(network)) {
    const subnets = (network.IPAM.Config ?? []).map(({ Subnet }) => plain(Subnet, 60))
    return refusal(
      'IPV6_ONLY',
      `${called} has no IPv4 subnet, only ${list(subnets)}`,
      'There is nothing to walk: a subnet of IPv6 does not run out of addresses.',
    )
  }
  if (network.IPAM.Driver !== '' && network.IPAM.Driver !== 'default') {
    return refusal(
      'OTHER_IPAM',
      `the addresses of ${called} are handed out by the plugin ${plain(network.IPAM.Driver, 60)}`,
      'Ask the plugin: in which order it hands them out is not known, and a walk could not tell what is missing.',
    )
  }
  return undefined
}

/** The allocator answers within milliseconds; what has waited for longer than this is not on its way. */
const graceMs = 2_000

/**
 * With each canary that goes the Swarm tries again to serve whoever waits, and each try leaks an address on the other
 * networks of that service: a walk would drain what it measures.
 */
export function refuseWhileWaiting(waiting: readonly Waiting[]): Refusal | undefined {
  const first = waiting.filter(({ forMs }) => forMs >= graceMs).toSorted((a, b) => b.networks - a.networks)[0]
  if (first === undefined) return undefined
  const name = plain(first.name, 100)
  const where = first.candidates.map((network) => plain(nameOf(network), 120))
  const others = waiting.length - 1
  return refusal(
    'SERVICE_WAITS',
    `${name} waits for an address on ${where.length === 0 ? 'a network that the Swarm does not have' : list(where)}, for ${duration(first.forMs)}${others === 0 ? '' : `; so ${others === 1 ? 'does 1 other service' : `do ${others} others`}`}`,
    `Make room on that network, or take the service off it (\`docker service rm ${name}\`), and walk then: with each canary that is removed the Swarm tries again to serve it, and each try can leak an address on its other networks.`,
  )
}

/** Where too little is free for a walk to take any of it. */
export function refuseWithoutRoom(network: Network, ledger: Room, settings: CensusSettings): Refusal | undefined {
  const { free, isExact } = freeOf(ledger)
  // What a canary on `ingress` goes without is written into the log as exhaustion, and leaked ones are not seen.
  const floor = network.Ingress && !isExact ? 4 * settings.minFree : settings.minFree
  if (free >= floor) return undefined
  const called = plain(nameOf(network), 120)
  const seen = `${isExact ? '' : 'at most '}${count(Math.max(0, free), 'address', 'addresses')} of ${ledger.capacity.toLocaleString('en-US')} free on ${called}, by the count of the ${isExact ? 'engine' : 'API'}`
  return refusal(
    free <= 0 ? 'FULL' : 'TOO_FULL',
    seen,
    `Make room on it first (remove services that are not needed; restarting dockerd on the leading manager gives leaked addresses back, and stops the containers of that node). A walk wants ${floor} free: a deploy may need any of them.${floor === settings.minFree && floor > 1 ? ' `expect.census.minFree` lowers that.' : ''}`,
  )
}

export type Room = Pick<Ledger, 'capacity' | 'free' | 'engine'>

/** The engine's own count where it tells; else what the API does not show as held. */
export function freeOf({ free, engine }: Room): { readonly free: number; readonly isExact: boolean } {
  return engine === undefined ? { free, isExact: false } : { free: engine.free, isExact: true }
}

/** What takes longer than a walk may last is not begun. */
export function refuseLength(network: Network, estimatedMs: number, settings: CensusSettings): Refusal | undefined {
  if (estimatedMs <= settings.walkSeconds * 1000) return undefined
  const subnets = subnetsOf(network).length
  return refusal(
    'TOO_LONG',
    `a lap of ${plain(nameOf(network), 120)} would take about ${duration(estimatedMs)}${subnets > 1 ? `: the Swarm picks one of its ${subnets} subnets at random each time` : ''}`,
    'Walk a part of it with `--window N`, or give it more time: `expect.census.walkSeconds`.',
  )
}

const bytesPerMiB = 1024 * 1024

/** What would make dockerd grow by more than a walk may cost is not begun, for it would be stopped half way. */
export function refuseWeight(network: Network, estimatedBytes: number, settings: CensusSettings): Refusal | undefined {
  const { maxEngineGrowthMiB } = settings
  const mebibytes = Math.ceil(estimatedBytes / bytesPerMiB)
  if (mebibytes <= maxEngineGrowthMiB) return undefined
  return refusal(
    'TOO_HEAVY',
    `dockerd would grow by about ${mebibytes} MiB in a lap of ${plain(nameOf(network), 120)}, of which ${maxEngineGrowthMiB} MiB are allowed`,
    'Walk a part of it with `--window N`, or allow more, where the manager has it to spare: `expect.census.maxEngineGrowthMiB`.',
  )
}

function refusal(code: string, seen: string, remedy: string): Refusal {
  return { code, seen, remedy }
}
