import { type ExitName, exitCodes } from '../../core/exit.ts'
import type { NetworkReport } from '../../judge/census/report-networks.ts'
import type { RecordBody } from '../../model/record.ts'
import type { CensusOutcome } from '../../run/census.ts'
import { totalCost, walksOf } from './notes.ts'

interface Told {
  readonly outcome: CensusOutcome
  readonly exit: ExitName
  /** All but the observations. */
  readonly bodies: readonly RecordBody[]
  /** Whether every holder is named. */
  readonly isVerbose: boolean
}

/**
 * A census for a machine: one document, whatever became of it. What was not established is `null`: an empty list would
 * say that there is nothing.
 */
export function jsonOf({ outcome, exit, bodies, isVerbose }: Told): Readonly<Record<string, unknown>> {
  const { report, runId, dir } = outcome
  const walks = walksOf(report?.networks ?? [])
  return {
    run: runId,
    exit: exitCodes[exit].code,
    exitName: exit,
    at: report?.at ?? null,
    cluster: report?.cluster ?? null,
    walked: report === undefined ? null : walks.length > 0,
    networks: report === undefined ? null : report.networks.map((network) => networkOf(network, isVerbose)),
    cost: walks.length === 0 ? null : totalCost(walks),
    findings: bodies.flatMap(({ kind, ...finding }) => (kind === 'finding' ? [finding] : [])),
    skipped: bodies.flatMap(({ kind, ...skip }) => (kind === 'skip' ? [skip] : [])),
    troubles: bodies.flatMap(({ kind, ...trouble }) => (kind === 'trouble' ? [trouble] : [])),
    leftOut: report?.leftOut ?? [],
    evidence: dir ?? null,
  }
}

function networkOf(network: NetworkReport, isVerbose: boolean) {
  const { census, taken, verdict, projection, subnetChange, since, walk, offer } = network
  const { ledger, id, name, ingress, subnets, free, leaked, transient, unconfirmed, disagreement, refusal } = census
  const { capacity, reserved, tally, held, holders, engine } = ledger
  return {
    ...{ id, name, ingress, subnets, verdict, capacity, reserved },
    held: { ...tally, total: held },
    ...{ free, leaked, since, taken, transient, unconfirmed },
    engineCount: engine ?? null,
    disagreement: disagreement ?? null,
    refusal: refusal ?? null,
    projection,
    subnetChange: subnetChange ?? null,
    walk:
      walk === undefined
        ? null
        : { ended: walk.ended, atOnce: walk.atOnce, laps: walk.laps.length, cost: walk.cost, why: walk.why ?? null },
    wouldWalk: offer === undefined ? null : offer.state === 'walk' ? offer.plan : { refused: offer.refusal },
    ...(isVerbose ? { holders } : {}),
  }
}
