import { holdNext } from '../../judge/address/hold-next.ts'
import type { LedgerPool } from '../../judge/address/pool.ts'
import { type PoolSweep, sweepPools } from '../../judge/address/sweep-pools.ts'
import type { CensusSettings } from '../../model/census.ts'
import type { CanaryKind, Lap } from '../../model/facts/addresses/census.ts'
import { askServices, type ServicesParts } from './ask-services.ts'
import { askTasks } from './ask-tasks.ts'
import { Halt } from './halt.ts'
import type { Watch } from './watch.ts'

export interface LapParts extends ServicesParts {
  readonly settings: CensusSettings
  readonly watch: Watch
  readonly pools: readonly LedgerPool[]
  /** By the ledger, or by the engine's own count. */
  readonly room: { readonly free: number; readonly isExact: boolean }
  readonly window?: number
  /** What an earlier lap was offered. */
  readonly knownFree?: readonly string[]
  /** How many addresses were offered in an earlier lap. */
  readonly proven: number
  /** The lap is over when all of these were offered. */
  readonly until?: ReadonlySet<string>
  readonly onProgress: (progress: { readonly done: number; readonly of: number }) => void
}

/** A lap as far as it has come; it grows while it is walked. */
export interface OpenLap {
  readonly startedAt: string
  readonly sweep: PoolSweep
  atOnce: number
  creates: number
  /** How many addresses each kind of canary has asked for. */
  readonly asked: Record<CanaryKind, number>
  /** Whether the network had nothing more to give. */
  ranOut: boolean
  endedAt: string
}

export function openLap({ pools, window, knownFree }: Pick<LapParts, 'pools' | 'window' | 'knownFree'>): OpenLap {
  const options = { ...(window === undefined ? {} : { window }), ...(knownFree === undefined ? {} : { knownFree }) }
  const startedAt = new Date().toISOString()
  const asked = { vip: 0, tasks: 0, ingress: 0 }
  return {
    startedAt,
    endedAt: startedAt,
    sweep: sweepPools(pools, options),
    atOnce: 0,
    creates: 0,
    asked,
    ranOut: false,
  }
}

/**
 * Goes once around the network: asks for addresses, gives them back, and asks for the next ones, until the allocator has
 * been everywhere, or has nothing more to give. Throws a `Halt` where what comes cannot be, and what the hand throws.
 */
export async function walkLap(lap: OpenLap, parts: LapParts, signal: AbortSignal): Promise<void> {
  const { network, ports, settings, watch, room, proven, until, onProgress } = parts
  const awaited = new Set(until)
  while (!lap.sweep.isDone() && !(until !== undefined && awaited.size === 0)) {
    await watch.clear(signal)
    const known = { ingress: network.Ingress, ...room, proven: Math.max(proven, lap.sweep.offeredCount()) }
    const { kind, count } = holdNext({ ...known, ports: ports.count }, settings)
    const batch = kind === 'tasks' ? await askTasks(parts, count, signal) : await askServices(parts, count, signal)
    lap.asked[kind] += count
    lap.creates += batch.creates
    lap.atOnce = Math.max(lap.atOnce, batch.addresses.length)
    lap.sweep.take(batch.addresses)
    lap.endedAt = new Date().toISOString()
    const unsure = lap.sweep.unsure()
    if (unsure !== undefined) throw new Halt('unsure', unsure.code, unsure.seen, unsure.remedy)
    for (const address of batch.addresses) awaited.delete(address)
    onProgress(lap.sweep.progress())
    if (batch.isShort) {
      lap.ranOut = true
      return
    }
  }
}

/** As it is saved. */
export function savedLap({ startedAt, endedAt, sweep, creates, asked }: OpenLap): Lap {
  const kinds = (['vip', 'tasks', 'ingress'] as const).toSorted((a, b) => asked[b] - asked[a])
  return { startedAt, endedAt, kind: kinds[0] ?? 'vip', offered: sweep.offered(), walked: sweep.walked(), creates }
}
