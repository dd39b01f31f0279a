import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import { pollUntil } from '../../core/poll.ts'
import { overlaysOf } from '../../judge/address/overlay.ts'
import { waitingServices } from '../../judge/network/waiting.ts'
import type { AddressCensus, Walk } from '../../model/facts/addresses/census.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { parseName } from '../../model/mark.ts'
import { readAddresses } from '../../observe/addresses/read-addresses.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import type { HostRunner } from '../../reach/host/runner.ts'
import { createCanaryPorts } from './canary-ports.ts'
import type { CensusParts } from './census-parts.ts'
import type { CensusContext } from './context.ts'
import { countRequests } from './count-requests.ts'
import { type HostFigures, readHostFigures } from './host-figures.ts'
import { walkNetwork } from './walk-network.ts'
import { leaderOf, startWatch } from './watch.ts'

/** A reading that is no older than this is the one before the next walk, too. */
const freshMs = 1_000
/** How long a last reading is tried after a walk that broke off. */
const lastReadingMs = 20_000
/** Not longer: over a connection that was lost with dockerd it will never tell. */
const lastFiguresMs = 3_000

const rootDirSchema = z.object({ DockerRootDir: z.string().min(1) })

/**
 * Walks over the free addresses of overlays, one after the other, with services that never have a container. What became
 * of each is in its walk: one that is refused or broken off does not throw, and leaves nothing behind. Throws where not
 * even a first reading could be had, and where canaries could not be removed: those the run sweeps.
 */
export async function takeCensus(given: CensusParts): Promise<AddressCensus> {
  const { hand, counted, requests } = countRequests(given.hand)
  const parts = { ...given, hand }
  const { signal, networks, publish, settings } = parts
  const { systemTime, nodeId, rootDir } = await askInfo(counted, signal)
  const askedMs = performance.now()
  const readings: AddressReading[] = []
  const read = async (stop: AbortSignal): Promise<AddressReading> => {
    const reading = await readAddresses(counted, { signal: stop })
    readings.push(reading)
    readMs = performance.now()
    return reading
  }
  let readMs = 0
  const first = await read(signal)
  const leader = leaderOf(first.nodes) ?? ''
  const runner = runnerIn(parts.host)
  const hostFigures = (): Promise<HostFigures | undefined> => figuresOf(runner, rootDir)
  const figures = await hostFigures()
  await using watch = await startWatch({
    ...{ reader: counted, run: hand.run, settings, networks: first.networks, nodes: first.nodes },
    host: runner === undefined || figures === undefined ? undefined : { runner, rootDir, figures },
  })
  let number = 0
  const context: CensusContext = {
    ...{ parts, watch, read, hostFigures, requests },
    ports: createCanaryPorts(publish, first.services),
    numbers: () => {
      number += 1
      return number
    },
    reading: async () => {
      const last = readings.at(-1)
      return last !== undefined && performance.now() - readMs < freshMs ? last : read(signal)
    },
    lastReading: () => read(AbortSignal.timeout(lastReadingMs)).catch(() => undefined),
    waiting: ({ networks: known, services, tasks }) => {
      const nowMs = systemTime + performance.now() - askedMs
      return waitingServices(overlaysOf(known), services, tasks, nowMs).filter(
        ({ name }) => parseName(name)?.run !== hand.run,
      )
    },
  }
  const walks: Walk[] = []
  for (const id of networks) walks.push(await walkNetwork(id, context))
  const after = figures === undefined ? undefined : await lastFigures(hostFigures)
  const isSame = figures?.process === after?.process
  const isLeader = nodeId === leader
  return {
    readings,
    walks: isSame && leaderOf(readings.at(-1)?.nodes ?? []) === leader ? walks : walks.map(doubted),
    allocator: { leader, ...(figures !== undefined && isLeader ? { engineStartedAt: figures.startedAt } : {}) },
  }
}

/** While dockerd is being started again the host has none to tell of; undefined where it tells nothing any more. */
async function lastFigures(ask: () => Promise<HostFigures | undefined>): Promise<HostFigures | undefined> {
  return pollUntil<HostFigures>(
    async () => {
      const figures = await ask()
      return figures === undefined ? { done: false, state: 'nothing' } : { done: true, value: figures }
    },
    { what: 'the host to tell of dockerd', timeoutMs: lastFiguresMs, intervalMs: 500 },
  ).catch(() => undefined)
}

/** Of an allocator that was another one in the end nobody knows when it changed. */
function doubted(walk: Walk): Walk {
  if (walk.ended === 'refused' || walk.ended === 'unsure') return walk
  const why = {
    code: 'ALLOCATOR_CHANGED',
    seen: 'dockerd was started again, another manager leads, or neither can be told any more, before the census was over',
    remedy: 'Take it again.',
  }
  return { ...walk, ended: 'unsure', why }
}

async function askInfo(engine: EngineReader, signal: AbortSignal) {
  const { what, status, body } = await engine.info({ signal })
  const info = engineInfo.schema.safeParse(body).data
  if (status === 200 && info !== undefined) {
    const rootDir = rootDirSchema.safeParse(body).data?.DockerRootDir ?? '/var/lib/docker'
    return { systemTime: Date.parse(info.SystemTime), nodeId: info.Swarm.NodeID, rootDir }
  }
  throw new PvcheckError({
    code: 'CENSUS_NO_INFO',
    seen: `${what} was answered with ${status}, and not with what the engine says of itself`,
    wanted: 'the time of the engine, and its place in the Swarm',
    remedy: 'Look at the manager and at dockerd there, then run the same command again.',
    exit: 'unknown',
  })
}

function runnerIn(host: CensusParts['host']): HostRunner | undefined {
  return host === undefined || 'unavailable' in host ? undefined : host
}

/** A host that does not tell is watched less closely, and what the walk cost is not told; that is all. */
async function figuresOf(runner: HostRunner | undefined, rootDir: string): Promise<HostFigures | undefined> {
  if (runner === undefined) return undefined
  return readHostFigures(runner, rootDir).catch(() => undefined)
}
