import type { CensusSettings } from '../../model/census.ts'
import type { CanaryKind } from '../../model/facts/addresses/census.ts'
import { cheaperKind, mostServicesAtOnce } from './walk-cost.ts'

/** What is known, at one moment of a walk, of the room that there is. */
export interface Room {
  readonly ingress: boolean
  /** Capacity less what is held, or what the engine counts as free. */
  readonly free: number
  /** Whether leaked addresses are taken off that: only the engine's own count is exact. */
  readonly isExact: boolean
  /** How many different addresses this walk has been given so far: so many were free whatever has leaked. */
  readonly proven: number
  /** How many ports canaries on `ingress` may publish. */
  readonly ports: number
}

export interface Batch {
  readonly kind: CanaryKind
  /** Addresses that it holds at once. */
  readonly count: number
}

/**
 * What a walk may ask for next. Held is never more than the configured share of what is *known* to be free, so a walk
 * begins small and grows with what it has been given. The very first canary is one of tasks, as many as must be free for
 * a walk at all: where they are not, nobody reads the signature of exhaustion in the log.
 */
export function holdNext(room: Room, settings: CensusSettings): Batch {
  const known = room.isExact ? room.free : Math.min(room.free, room.proven)
  const most = atLeastOne(Math.min((known * settings.maxSharePercent) / 100, settings.maxHeld))
  if (room.ingress) return { kind: 'ingress', count: atLeastOne(Math.min(most, room.ports, mostServicesAtOnce)) }
  if (room.proven === 0) return { kind: 'tasks', count: probeSize(room.free, settings) }
  if (isNearFloor(room.free, settings)) return { kind: 'tasks', count: most }
  const kind = cheaperKind(most)
  return { kind, count: kind === 'vip' ? Math.min(most, mostServicesAtOnce) : most }
}

/** What a whole lap was offered is all that was free: an overlay that leaked nearly full is near the floor from then on. */
export function roomAfterLap<R extends Pick<Room, 'free' | 'isExact'>>(room: R, offered: number): R {
  return room.isExact ? room : { ...room, free: Math.min(room.free, offered) }
}

/** Where so few are free that a canary may well get none: only tasks go without an address quietly. */
export function isNearFloor(free: number, { minFree }: CensusSettings): boolean {
  return free < 4 * minFree
}

function probeSize(free: number, { minFree, maxSharePercent, maxHeld }: CensusSettings): number {
  return atLeastOne(Math.min(minFree, maxHeld, (free * maxSharePercent) / 100))
}

function atLeastOne(count: number): number {
  return Math.max(1, Math.floor(count))
}
