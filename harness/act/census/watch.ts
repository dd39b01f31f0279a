import { setTimeout as delay } from 'node:timers/promises'
import { messageOf, PvcheckError } from '../../core/errors.ts'
import { overlaysOf } from '../../judge/address/overlay.ts'
import { refuseWhileWaiting } from '../../judge/address/refuse-walk.ts'
import { type Waiting, waitingServices } from '../../judge/network/waiting.ts'
import type { CensusSettings } from '../../model/census.ts'
import { type Network, networks } from '../../model/facts/networks.ts'
import { nodes, type SwarmNode } from '../../model/facts/nodes.ts'
import { type Service, services } from '../../model/facts/services.ts'
import { parseName } from '../../model/mark.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import type { HostRunner } from '../../reach/host/runner.ts'
import { listed } from '../remove/look.ts'
import { allocatorChanged, grew, serviceWaits, slower, unhealthy } from './halt.ts'
import { type HostFigures, readHostFigures } from './host-figures.ts'

export interface WatchParts {
  readonly reader: EngineReader
  readonly run: string
  readonly settings: CensusSettings
  /** Of the first reading. */
  readonly networks: readonly Network[]
  readonly nodes: readonly SwarmNode[]
  readonly host: { readonly runner: HostRunner; readonly rootDir: string; readonly figures: HostFigures } | undefined
}

/** Looks, for as long as canaries come and go, whether they do any harm. */
export interface Watch extends AsyncDisposable {
  /** Aborts with a `Halt`. */
  readonly halted: AbortSignal
  /** Resolves when nothing speaks against the next batch; rejects with the halt, or the signal's reason. */
  clear(signal: AbortSignal): Promise<void>
}

/** At least so often; sooner where the engine tells of a service that is not ours. */
const everyMs = 1_000
const soonMs = 20
const hostEveryMs = 3_000
/** The allocator answers within milliseconds; who has waited for that long is not about to be served. */
const graceMs = 2_000
/** Below this no list is slow, however fast it was before: the walk itself keeps dockerd busy. */
const slowFloorMs = 500
const mostFailures = 3

export async function startWatch(parts: WatchParts): Promise<Watch> {
  const { reader, run, settings } = parts
  const over = new AbortController()
  const halted = new AbortController()
  const usualMs = await usualLatency(reader)
  const leader = leaderOf(parts.nodes)
  const wasDown = new Set(parts.nodes.filter(isDown).map(({ ID }) => ID))
  let overlays = overlaysOf(parts.networks)
  /** What services have named, and the last list of networks did not have. */
  const unheardOf = new Set<string>()
  const since = new Map<string, number>()
  const latencies: number[] = []
  let failures = 0
  /** Before that nobody knows who waits. */
  let hasLooked = false
  let lastHostMs = performance.now()
  let wake: () => void = () => undefined

  const isOurs = (name: string | undefined): boolean => parseName(name)?.run === run
  const halt = (reason: unknown): void => {
    if (!over.signal.aborted && !halted.signal.aborted) halted.abort(reason)
  }

  /** Who waits for a virtual address, by how long we have seen it: the clocks of the two need not agree. */
  function noteWaiting(all: readonly Service[]): void {
    const now = performance.now()
    const waiting = waitingServices(overlays, all, [], Date.now()).filter(({ name }) => !isOurs(name))
    const names = new Set(waiting.map(({ name }) => name))
    for (const name of since.keys()) if (!names.has(name)) since.delete(name)
    for (const name of names) if (!since.has(name)) since.set(name, now)
    const seen = waiting.map((one): Waiting => ({ ...one, forMs: now - (since.get(one.name) ?? now) }))
    const refusal = refuseWhileWaiting(seen.filter(({ forMs }) => forMs >= graceMs))
    if (refusal !== undefined) halt(serviceWaits(refusal.seen, refusal.remedy))
  }

  /** A stack brings a network of its own: who waits on one that was not there when the walk began waits all the same. */
  async function learnNetworks(all: readonly Service[]): Promise<void> {
    const known = new Set(overlays.flatMap(({ Id, Name }) => [Id, Name]))
    const fresh = targetsOf(all).filter((target) => !known.has(target) && !unheardOf.has(target))
    if (fresh.length === 0) return
    overlays = overlaysOf(listed(networks, await reader.networks({ signal: over.signal })))
    for (const target of fresh) unheardOf.add(target)
  }

  function noteNodes(all: readonly SwarmNode[]): void {
    const leads = leaderOf(all)
    if (leads === undefined) halt(unhealthy('no manager leads the Swarm'))
    else if (leads !== leader) halt(allocatorChanged(`the leader was ${leader}, and is ${leads} now`))
    const down = all.find((node) => isDown(node) && !wasDown.has(node.ID))
    if (down !== undefined) halt(unhealthy(`the node ${down.Description.Hostname || down.ID} went down`))
  }

  async function lookAtHost(): Promise<void> {
    if (parts.host === undefined || performance.now() - lastHostMs < hostEveryMs) return
    const { runner, rootDir, figures: before } = parts.host
    const now = await readHostFigures(runner, rootDir, over.signal)
    lastHostMs = performance.now()
    const change = changeOf(before, now, settings)
    if (change !== undefined) halt(change)
  }

  async function look(): Promise<void> {
    const [serviceList, nodeList] = await Promise.all([
      reader.services({ signal: over.signal }),
      reader.nodes({ signal: over.signal }),
    ])
    const all = listed(services, serviceList)
    await learnNetworks(all)
    noteWaiting(all)
    noteNodes(listed(nodes, nodeList))
    latencies.push(serviceList.durationMs)
    const lastMs = Math.min(...latencies.slice(-mostFailures))
    const isSlow = lastMs > Math.max(slowFloorMs, settings.maxSlowdown * usualMs)
    if (latencies.length >= mostFailures && isSlow) halt(slower(lastMs, usualMs, settings.maxSlowdown))
    hasLooked = true
    await lookAtHost()
    failures = 0
  }

  async function watch(): Promise<void> {
    while (!over.signal.aborted && !halted.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      await look().catch((error: unknown) => {
        failures += 1
        if (error instanceof PvcheckError && error.code === 'REACH_ENGINE_GONE')
          halt(allocatorChanged(error.seen, error))
        else if (failures >= mostFailures) halt(unhealthy(`it cannot be looked at: ${messageOf(error)}`))
      })
      const pauseMs = since.size > 0 ? 100 : everyMs
      // Rejects only when it is over.
      await Promise.race([delay(pauseMs, undefined, { signal: over.signal }).catch(() => undefined), woken])
    }
  }

  async function listen(): Promise<void> {
    const events = await reader.events({ types: ['service', 'node'], signal: over.signal })
    for await (const { type, attributes } of events) {
      if (type === 'service' && isOurs(attributes['name'])) continue
      await delay(soonMs, undefined, { signal: over.signal })
      wake()
    }
  }

  const looking = watch()
  const listening = listen().catch((error: unknown) => {
    // An engine that lets nobody listen is looked at all the same; one that broke off is gone.
    if (error instanceof PvcheckError && error.code === 'REACH_ENGINE_GONE') halt(allocatorChanged(error.seen, error))
  })

  return {
    halted: halted.signal,
    async clear(signal) {
      for (;;) {
        halted.signal.throwIfAborted()
        signal.throwIfAborted()
        if (hasLooked && since.size === 0) return
        await delay(20, undefined, { signal: AbortSignal.any([signal, halted.signal]) }).catch(() => undefined)
      }
    },
    async [Symbol.asyncDispose]() {
      over.abort()
      await looking
      await listening
    },
  }
}

/** Why the walk should not go on by what the host tells now; nothing where it may. */
export function changeOf(before: HostFigures, now: HostFigures, settings: CensusSettings): Error | undefined {
  if (now.process !== before.process) return allocatorChanged(`dockerd was started again at ${now.startedAt}`)
  const { maxEngineGrowthMiB, maxRaftGrowthMiB } = settings
  const engineGrew = now.residentBytes - before.residentBytes
  if (engineGrew > maxEngineGrowthMiB * 2 ** 20) return grew('ENGINE_GREW', 'dockerd', engineGrew, maxEngineGrowthMiB)
  const raftGrew = now.raftBytes - before.raftBytes
  if (raftGrew > maxRaftGrowthMiB * 2 ** 20) {
    return grew('RAFT_GREW', 'the raft log of the Swarm', raftGrew, maxRaftGrowthMiB)
  }
  return undefined
}

async function usualLatency(reader: EngineReader): Promise<number> {
  const taken: number[] = []
  for (let count = 0; count < 3; count += 1) taken.push((await reader.services()).durationMs)
  return Math.min(...taken)
}

export function leaderOf(all: readonly SwarmNode[]): string | undefined {
  return all.find(({ ManagerStatus }) => ManagerStatus?.Leader === true)?.ID
}

/** By id, mostly; a service from before API 1.25 has them in another place. */
function targetsOf(all: readonly Service[]): readonly string[] {
  return all.flatMap(({ Spec }) => (Spec.TaskTemplate.Networks ?? Spec.Networks ?? []).map(({ Target }) => Target))
}

function isDown({ Status }: SwarmNode): boolean {
  return Status.State !== 'ready'
}
