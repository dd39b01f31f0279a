import type { CensusProgress } from '../act/census/census-parts.ts'
import { takeCensus } from '../act/census/take-census.ts'
import { ledgerOf } from '../judge/address/ledger.ts'
import { overlaysOf } from '../judge/address/overlay.ts'
import { planWalk, type WalkDecision } from '../judge/address/plan-walk.ts'
import { censusChecks } from '../judge/census/census-checks.ts'
import { chooseOverlays } from '../judge/census/choose-overlays.ts'
import { lifeOf } from '../judge/census/leak-point.ts'
import { countFreePorts } from '../judge/census/ports.ts'
import { reportNetworks } from '../judge/census/report-networks.ts'
import { waitingServices } from '../judge/network/waiting.ts'
import { type AddressCensus, addressCensus, type Walk } from '../model/facts/addresses/census.ts'
import { type AddressReading, addressReading } from '../model/facts/addresses/reading.ts'
import { engineInfo } from '../model/facts/engine-info.ts'
import type { Network } from '../model/facts/networks.ts'
import { createFactReader } from '../observe/reader.ts'
import { troubleOf } from '../record/evidence/trouble.ts'
import { readHistory } from '../record/history.ts'
import type { CensusReport } from '../record/report/census-report.ts'
import { actAlone } from './act-alone.ts'
import { allocatorOf } from './allocator.ts'
import { patienceOf } from './patience.ts'
import type { Doing, RunPlan, Work } from './perform.ts'
import { proveCheck } from './prove-check.ts'

export interface CensusWish {
  readonly runId: string
  /** Names or ids of overlays, as a person typed them; none stands for all. */
  readonly words: readonly string[]
  readonly isWalk: boolean
  /** Only so many addresses of each are walked. */
  readonly window?: number
  readonly onProgress: (progress: CensusProgress) => void
  readonly onReport: (report: CensusReport) => void
}

/** A census as the work of a run: read, walk where that was asked for, judge, and report with what was seen before. */
export function censusWork(wish: CensusWish): Work {
  return { during: 'census', does: (plan, doing) => takeAndJudge(wish, plan, doing) }
}

async function takeAndJudge(wish: CensusWish, plan: RunPlan, doing: Doing): Promise<void> {
  const { connection, recorder, redact } = doing
  const { config, interrupt } = plan
  const { expect } = config
  const signal = AbortSignal.any([interrupt.stop, connection.signal])
  const reader = createFactReader(connection.target, recorder, redact, expect, { signal })
  const [{ value: reading }, { value: info }] = await Promise.all([
    reader.read(addressReading),
    reader.read(engineInfo),
  ])
  const overlays = chooseOverlays(wish.words, reading.networks)
  const decide = decider(wish, plan, reading, Date.parse(info.SystemTime))
  const taken = wish.isWalk
    ? await walkThem(overlays, decide, { wish, plan, doing, reading })
    : { readings: [reading], walks: [], allocator: await allocatorOf(connection.target, reading, signal) }
  const { value: census } = await reader.keep(addressCensus, { ...taken, asked: overlays.map(({ Id }) => Id) })
  // What was taken until then is saved; half a census is not judged.
  interrupt.stop.throwIfAborted()
  // The walk has an end of its own; that the way to the engine is lost is told beside it.
  if (connection.signal.aborted) await recorder.append(troubleOf(connection.signal.reason, 'census'))
  const session = {
    ...{ reader, recorder, redact, wanted: expect, lost: new AbortController().signal },
    ...{ patienceMs: patienceOf(expect, config.address), proven: new Map() },
  }
  for (const check of censusChecks) await proveCheck(check, session, interrupt.stop)
  const lives = new Set([lifeOf(census)])
  const { cluster } = connection.target.fingerprint
  const history = await readHistory(config.reportsDir, {
    ...{ before: wish.runId, cluster, signal: interrupt.stop },
    // What leaked is given back when another life of the allocator begins; the one before tells of other subnets.
    isWanted: (earlier) => lives.add(lifeOf(earlier)).size <= 2,
  })
  const networks = reportNetworks({
    wanted: expect,
    census,
    earlier: history.censuses.map((earlier) => earlier.census),
    offerFor: ({ id }) => decide(reading.networks.find(({ Id }) => Id === id)),
  })
  const at = census.readings.at(-1)?.endedAt ?? reading.endedAt
  wish.onReport({ at, cluster, isWalk: wish.isWalk, networks, leftOut: history.leftOut })
}

type Decide = (network: Network | undefined) => WalkDecision

/** Whether each network may be walked, as of a reading: nothing is touched where none may. */
function decider(wish: CensusWish, { config }: RunPlan, reading: AddressReading, nowMs: number): Decide {
  const { census: settings, throwaway } = config.expect
  const waiting = waitingServices(overlaysOf(reading.networks), reading.services, reading.tasks, nowMs)
  const ports = countFreePorts(throwaway.publish, reading.services)
  return (network) =>
    planWalk({
      name: network?.Name ?? '',
      network,
      ledger: network === undefined ? undefined : ledgerOf(reading, network),
      ...{ settings, waiting, ports },
      ...(wish.window === undefined ? {} : { window: wish.window }),
    })
}

interface Walking {
  readonly wish: CensusWish
  readonly plan: RunPlan
  readonly doing: Doing
  readonly reading: AddressReading
}

/** Acts only where at least one of them may be walked. */
async function walkThem(
  overlays: readonly Network[],
  decide: Decide,
  { wish, plan, doing, reading }: Walking,
): Promise<AddressCensus> {
  const decisions = overlays.map(({ Id }, index) => ({ id: Id, decision: decide(overlays[index]) }))
  const refused = decisions.flatMap(({ id, decision }) =>
    decision.state === 'refuse' ? [refusedWalk(id, decision.refusal)] : [],
  )
  const networks = decisions.flatMap(({ id, decision }) => (decision.state === 'walk' ? [id] : []))
  if (networks.length === 0) {
    const allocator = await allocatorOf(doing.connection.target, reading, plan.interrupt.stop)
    return { readings: [reading], walks: refused, allocator }
  }
  const { census: settings, throwaway } = plan.config.expect
  const census = await actAlone(doing, plan.interrupt, (hand, signal) =>
    takeCensus({
      ...{ hand, settings, networks, signal, publish: throwaway.publish, host: doing.connection.target.host },
      ...(wish.window === undefined ? {} : { window: wish.window }),
      onProgress: wish.onProgress,
    }),
  )
  // The order of time holds: the refused ones were looked at before anything was created.
  return { ...census, readings: [reading, ...census.readings], walks: [...refused, ...census.walks] }
}

function refusedWalk(networkId: string, why: NonNullable<Walk['why']>): Walk {
  return { networkId, laps: [], atOnce: 0, ended: 'refused', why, cost: { wallMs: 0, requests: 0 } }
}
