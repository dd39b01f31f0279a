import type { CensusSettings } from '../../model/census.ts'
import type { CanaryKind } from '../../model/facts/addresses/census.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { Waiting } from '../network/waiting.ts'
import { holdNext, isNearFloor } from './hold-next.ts'
import type { Ledger } from './ledger.ts'
import {
  freeOf,
  type Refusal,
  refuseLength,
  refuseNetwork,
  refuseWeight,
  refuseWhileWaiting,
  refuseWithoutRoom,
} from './refuse-walk.ts'
import { batchMs, engineBytesPerAddress } from './walk-cost.ts'

export interface WalkPlan {
  /** The kind that asks most of the addresses; the first canary is one of `tasks`, but on `ingress`. */
  readonly kind: CanaryKind
  /** The most addresses that are held at once. */
  readonly atOnce: number
  /** About how many services one lap creates, and removes again. */
  readonly creates: number
  /** About how long one lap takes. There is a second one where the first misses an address that nobody holds. */
  readonly estimatedMs: number
  /** About how many bytes dockerd grows by in one lap. */
  readonly estimatedBytes: number
  /** How many addresses are walked; all that can be handed out unless a window was asked for. */
  readonly addresses: number
  readonly isWindow: boolean
  /** Whether so little is free that only tasks are used, which go without an address quietly. */
  readonly nearFloor: boolean
}

export type WalkDecision =
  | { readonly state: 'walk'; readonly plan: WalkPlan }
  | { readonly state: 'refuse'; readonly refusal: Refusal }

export interface WalkWish {
  /** As it was asked for: an overlay that is not there has no other name. */
  readonly name: string
  readonly network: Network | undefined
  /** Of that network; not looked at where there is none. */
  readonly ledger: Pick<Ledger, 'pools' | 'capacity' | 'free' | 'engine'> | undefined
  readonly settings: CensusSettings
  /** Services of the whole Swarm, without canaries of our own. */
  readonly waiting: readonly Waiting[]
  /** Only so many addresses are walked. */
  readonly window?: number
  /** How many ports canaries on `ingress` may publish at once. */
  readonly ports: number
}

/** Whether a network may be walked now, and what that would take. Nothing is asked and nothing created. */
export function planWalk(wish: WalkWish): WalkDecision {
  const { name, network, ledger, settings } = wish
  const unfit = refuseNetwork(name, network)
  if (unfit !== undefined) return { state: 'refuse', refusal: unfit }
  if (network === undefined || ledger === undefined) throw new Error('a network without a ledger cannot be planned')
  const refusal =
    refuseWhileWaiting(wish.waiting) ?? refuseWithoutRoom(network, ledger, settings) ?? refusePorts(network, wish.ports)
  if (refusal !== undefined) return { state: 'refuse', refusal }
  const plan = planLap({ ...wish, network, ledger })
  const tooMuch =
    refuseLength(network, plan.estimatedMs, settings) ?? refuseWeight(network, plan.estimatedBytes, settings)
  return tooMuch === undefined ? { state: 'walk', plan } : { state: 'refuse', refusal: tooMuch }
}

function refusePorts(network: Network, ports: number): Refusal | undefined {
  if (!network.Ingress || ports > 0) return undefined
  return {
    code: 'NO_PORTS',
    seen: 'no port of the range that canaries on `ingress` may publish is free',
    remedy:
      'Widen `expect.throwaway.publish`: a port is never left to the Swarm, whose pick may be what a deploy needs.',
  }
}

type Fit = WalkWish & { readonly network: Network; readonly ledger: NonNullable<WalkWish['ledger']> }

function planLap({ network, ledger, settings, window, ports }: Fit): WalkPlan {
  const { free, isExact } = freeOf(ledger)
  const isWindow = window !== undefined && window < ledger.capacity
  const addresses = isWindow ? window : ledger.capacity
  const toAsk = isWindow ? Math.min(window, free) : asksForLap(ledger, free)
  const byKind = { vip: 0, tasks: 0, ingress: 0 }
  let asked = 0
  let atOnce = 0
  let creates = 0
  let estimatedMs = 0
  let estimatedBytes = 0
  while (asked < toAsk) {
    const room = { ingress: network.Ingress, free, isExact, proven: Math.min(asked, free), ports }
    const { kind, count } = holdNext(room, settings)
    asked += count
    byKind[kind] += count
    atOnce = Math.max(atOnce, count)
    creates += kind === 'tasks' ? 1 : count
    estimatedMs += batchMs(kind, count)
    estimatedBytes += engineBytesPerAddress[kind] * count
    // A network so wide that nobody will wait for its end need not be reckoned to its end.
    if (estimatedMs > settings.walkSeconds * 10_000) break
  }
  // Once all that is free has been offered, a second lap holds as much as may be held at all.
  if (!isWindow) {
    atOnce = Math.max(
      atOnce,
      holdNext({ ingress: network.Ingress, free, isExact, proven: free, ports }, settings).count,
    )
  }
  const kind = network.Ingress ? 'ingress' : byKind.vip >= byKind.tasks ? 'vip' : 'tasks'
  const nearFloor = !network.Ingress && isNearFloor(free, settings)
  return {
    ...{ kind, atOnce, creates, addresses, isWindow, nearFloor, estimatedBytes },
    estimatedMs: Math.round(estimatedMs),
  }
}

/**
 * Of several subnets the allocator tries one first that Go's order of a map picks: one of eight places, of which all but
 * one fall to the first subnet where there are two. So the rarest comes first every eighth time.
 */
function asksForLap({ pools }: NonNullable<WalkWish['ledger']>, free: number): number {
  return pools.length < 2 ? free : 8 * Math.max(...pools.map(({ capacity }) => capacity))
}
