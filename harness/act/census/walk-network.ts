import { setTimeout as delay } from 'node:timers/promises'
import { formatAddress } from '../../judge/address/cidr.ts'
import { roomAfterLap } from '../../judge/address/hold-next.ts'
import { judgeCensus } from '../../judge/address/judge-census.ts'
import { indexLedgers, type Ledger } from '../../judge/address/ledger.ts'
import { planWalk } from '../../judge/address/plan-walk.ts'
import { freeOf } from '../../judge/address/refuse-walk.ts'
import { addressesIn, parseStretches, without } from '../../judge/address/stretches.ts'
import type { Lap, Walk } from '../../model/facts/addresses/census.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { CensusContext } from './context.ts'
import { haltBecause, networkGone, tooLong } from './halt.ts'
import { createKeeper } from './keeper.ts'
import { type OpenLap, openLap, savedLap, walkLap } from './walk-lap.ts'

/** How far two laps lie apart: what a deploy holds for a moment only is given back by then. */
const apartMs = 2_000
/** Where many come and go, two laps may find the same address in use by chance; so many make that unlikely enough. */
const mostLaps = 8

type Outcome = Pick<Walk, 'ended' | 'why'>

/** Walks one network, and leaves nothing behind. Throws only where what it created could not be removed. */
export async function walkNetwork(id: string, context: CensusContext): Promise<Walk> {
  const started = performance.now()
  const requestsBefore = context.requests()
  const hostBefore = await context.hostFigures()
  const laps: OpenLap[] = []
  const outcome = await walk(id, context, laps)
  const hostAfter = laps.length === 0 ? undefined : await context.hostFigures()
  return {
    networkId: id,
    laps: laps.map(savedLap),
    atOnce: Math.max(0, ...laps.map(({ atOnce }) => atOnce)),
    ...outcome,
    cost: {
      wallMs: Math.round(performance.now() - started),
      requests: context.requests() - requestsBefore,
      ...(hostBefore === undefined || hostAfter === undefined || hostBefore.process !== hostAfter.process
        ? {}
        : {
            engineCpuMs: hostAfter.cpuMs - hostBefore.cpuMs,
            engineGrewBytes: hostAfter.residentBytes - hostBefore.residentBytes,
            raftGrewBytes: hostAfter.raftBytes - hostBefore.raftBytes,
          }),
    },
  }
}

async function walk(id: string, context: CensusContext, laps: OpenLap[]): Promise<Outcome> {
  const { parts, watch } = context
  const { settings, window } = parts
  let before: AddressReading
  try {
    watch.halted.throwIfAborted()
    parts.signal.throwIfAborted()
    before = await context.reading()
  } catch (error) {
    const { code, seen, remedy } = haltBecause(error)
    return { ended: 'refused', why: { code, seen, remedy } }
  }
  const network = before.networks.find(({ Id }) => Id === id)
  const ledger = network === undefined ? undefined : indexLedgers(before)(network)
  const wish = { name: id, network, ledger, settings, ...(window === undefined ? {} : { window }) }
  const decision = planWalk({ ...wish, waiting: context.waiting(before), ports: context.ports.count })
  if (decision.state === 'refuse') return { ended: 'refused', why: decision.refusal }
  if (network === undefined || ledger === undefined) throw new TypeError('a network that is not there was to be walked')
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(tooLong(settings.walkSeconds)), settings.walkSeconds * 1000)
  const signal = AbortSignal.any([parts.signal, watch.halted, parts.hand.lost, limit.signal])
  const keeper = createKeeper(parts.hand, context.numbers)
  let outcome: Outcome
  try {
    outcome = await walkLaps({ network, ledger, before, keeper, laps, signal }, context)
  } catch (error) {
    outcome = because(signal.aborted ? signal.reason : error)
  } finally {
    clearTimeout(timer)
    await keeper.release()
    await keeper.settle()
  }
  // An engine that goes down says other things first.
  if (watch.halted.aborted && outcome.ended !== 'refused') outcome = because(watch.halted.reason)
  if (outcome.ended === 'whole' || outcome.ended === 'window') return outcome
  return (await whatElse(network, context, outcome)) ?? outcome
}

interface Walking {
  readonly network: Network
  readonly ledger: Ledger
  readonly before: AddressReading
  readonly keeper: ReturnType<typeof createKeeper>
  readonly laps: OpenLap[]
  readonly signal: AbortSignal
}

async function walkLaps(walking: Walking, context: CensusContext): Promise<Outcome> {
  const { network, ledger, before, keeper, laps, signal } = walking
  const { parts, watch, ports } = context
  const { hand, settings, window, until, onProgress } = parts
  const sought = until?.[network.Id]
  const isWindow = sought !== undefined || (window !== undefined && window < ledger.capacity)
  const ended = isWindow ? 'window' : 'whole'
  const readings = [before]
  const started = performance.now()
  for (;;) {
    const lapStarted = performance.now()
    const [first] = laps
    const proven = first?.sweep.offeredCount() ?? 0
    const knownFree = first === undefined ? {} : { knownFree: savedLap(first).offered }
    const asked = { pools: ledger.pools, ...(window === undefined ? {} : { window }), ...knownFree }
    const lap = openLap(asked)
    laps.push(lap)
    const told = first === undefined ? 'walks over its addresses' : 'walks over them once more'
    await walkLap(
      lap,
      {
        ...{ hand, keeper, network, ports, settings, watch, ...asked },
        room: first === undefined || isWindow ? freeOf(ledger) : roomAfterLap(freeOf(ledger), proven),
        proven,
        ...(sought === undefined ? {} : { until: new Set(sought) }),
        onProgress: (progress) => onProgress?.({ network: network.Name, what: told, ...progress }),
      },
      signal,
    )
    await keeper.settle()
    readings.push(await context.read(signal))
    if (lap.ranOut) return tooFull(network.Name, lap)
    const saved = savedLap(lap)
    const isMissing = sought === undefined ? misses(saved, network, readings) : lacks(saved, sought)
    const mayGoOn = sought === undefined ? !isWindow : isMissing
    const isWanting = first === undefined ? isMissing : mayGoOn && isUnsure(network.Id, readings, laps.map(savedLap))
    if (!isWanting || laps.length === mostLaps) return { ended }
    // What two laps have found is not to be lost for want of time.
    const now = performance.now()
    const isLate = now - started + 2 * (now - lapStarted) > settings.walkSeconds * 1000
    if (first !== undefined && isLate) return { ended }
    onProgress?.({ network: network.Name, what: 'waits before it asks again for what nobody holds' })
    // Nothing tells when a deploy of somebody else is over: that time has gone by is all that is wanted.
    await delay(apartMs, undefined, { signal })
  }
}

/** Whether what all laps found in use may have been so by chance. */
function isUnsure(networkId: string, readings: readonly AddressReading[], laps: readonly Lap[]): boolean {
  const walk: Walk = { networkId, laps: [...laps], atOnce: 0, ended: 'whole', cost: { wallMs: 0, requests: 0 } }
  const census = { readings: [...readings], walks: [walk], allocator: { leader: '' } }
  return judgeCensus(census, networkId).unconfirmed.length > 0
}

/** Whether something that was sought was not offered. */
function lacks({ offered }: Lap, sought: readonly string[]): boolean {
  const all = new Set(addressesIn(parseStretches(offered)).map(formatAddress))
  return sought.some((address) => !all.has(address))
}

/** Whether the lap came by something that was not free and that nobody holds, before or after. */
function misses({ walked, offered }: Lap, network: Network, readings: readonly AddressReading[]): boolean {
  const held = new Set(
    readings.flatMap((reading) => indexLedgers(reading)(network).holders.flatMap(({ address }) => address ?? [])),
  )
  const inUse = without(parseStretches(walked), parseStretches(offered))
  return addressesIn(inUse).some((address) => !held.has(formatAddress(address)))
}

function tooFull(name: string, { sweep, creates }: OpenLap): Outcome {
  const count = sweep.offeredCount()
  return {
    ended: 'refused',
    why: {
      code: count === 0 ? 'FULL' : 'TOO_FULL',
      seen: `${name} gave ${count === 0 ? 'no address at all' : `only ${count} addresses`} to ${creates === 1 ? 'a canary' : `${creates} canaries`}: no other is free`,
      remedy:
        'Make room on it: remove services that are not needed; restarting dockerd on the leading manager gives leaked addresses back, and stops the containers of that node.',
    },
  }
}

function because(error: unknown): Outcome {
  const { ended, code, seen, remedy } = haltBecause(error)
  return { ended, why: { code, seen, remedy } }
}

/** A walk that broke off may have a cause that explains it better than what it ran into. */
async function whatElse(network: Network, context: CensusContext, outcome: Outcome): Promise<Outcome | undefined> {
  if (outcome.why?.code === 'WALK_INTERRUPTED') return undefined
  const reading = await context.lastReading()
  if (reading === undefined || reading.networks.some(({ Id }) => Id === network.Id)) return undefined
  return because(networkGone(network.Name))
}
