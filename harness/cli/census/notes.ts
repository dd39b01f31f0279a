import { plain } from '../../core/text.ts'
import type { NetworkReport } from '../../judge/census/report-networks.ts'
import { count, duration, list } from '../../judge/say.ts'
import type { Walk } from '../../model/facts/addresses/census.ts'
import type { CensusReport } from '../../record/report/census-report.ts'

/** What a reader has to know beside the table: what is not known and what would tell, and what a walk cost the host. */
export function notesOf({ networks, isWalk, leftOut }: CensusReport): readonly string[] {
  return [
    ...(isWalk ? costLines(networks) : offerLines(networks)),
    ...networks.flatMap(windowLine),
    ...networks.flatMap(ipv6Line),
    ...leftOut.map((what) => `left out of the history: ${plain(what, 300)}`),
  ]
}

/** One line: what `--walk` would create, hold at most, and for how long; and one for what keeps it from walking. */
function offerLines(networks: readonly NetworkReport[]): readonly string[] {
  const inDoubt = networks.filter(({ census }) => census.leaked.state === 'unknown' && census.ledger.capacity > 0)
  if (inDoubt.length === 0) return []
  const plans = inDoubt.flatMap(({ offer }) => (offer?.state === 'walk' ? [offer.plan] : []))
  const refusals = inDoubt.flatMap(({ census, offer }) =>
    offer?.state === 'refuse' ? [{ name: plain(census.name, 100), ...offer.refusal }] : [],
  )
  const codes = [...new Set(refusals.map(({ code }) => code))]
  return [
    ...(plans.length === 0 ? [] : [offerOf(plans, inDoubt.length)]),
    ...codes.map((code) => {
      const same = refusals.filter((refusal) => refusal.code === code)
      const [first] = same
      return `--walk would leave out ${list(same.map(({ name }) => name))}: ${first?.seen} (${code}). ${first?.remedy}`
    }),
  ]
}

type Plan = Extract<NonNullable<NetworkReport['offer']>, { state: 'walk' }>['plan']

function offerOf(plans: readonly Plan[], inDoubt: number): string {
  const sum = (of: (plan: Plan) => number): number => plans.reduce((total, plan) => total + of(plan), 0)
  const creates = count(
    sum(({ creates }) => creates),
    'service',
  )
  const atOnce = count(Math.max(...plans.map((plan) => plan.atOnce)), 'address', 'addresses')
  const lapMs = sum(({ estimatedMs }) => estimatedMs)
  const which = inDoubt === 1 ? 'this network' : `these ${inDoubt} networks`
  return `The leaked ones of ${which} are not known. --walk tells them by name: it would create and remove about ${creates}, hold at most ${atOnce} at once, take about ${duration(Math.max(1_000, lapMs))}, twice that where any is missing; no container starts.`
}

function windowLine({ census, walk }: NetworkReport): readonly string[] {
  if (walk?.ended !== 'window') return []
  const parts = [...new Set(walk.laps.flatMap(({ walked }) => walked))]
  return [
    `${plain(census.name, 100)}: only ${list(parts)} was walked: of the rest nothing is known, so what is leaked is "at least"`,
  ]
}

/** Nothing of it can run out, and nothing is judged: a row of zeros would not say why. */
function ipv6Line({ walk, offer }: NetworkReport): readonly string[] {
  const refusal = walk?.why ?? (offer?.state === 'refuse' ? offer.refusal : undefined)
  return refusal?.code === 'IPV6_ONLY' ? [`${refusal.seen}. ${refusal.remedy}`] : []
}

function costLines(networks: readonly NetworkReport[]): readonly string[] {
  const walks = walksOf(networks)
  return walks.length === 0 ? [] : [costOf(walks)]
}

/** Those that asked for at least one address: of a network that was refused before that, nothing was measured. */
export function walksOf(networks: readonly NetworkReport[]): readonly Walk[] {
  return networks.flatMap(({ walk }) => (walk === undefined || walk.laps.length === 0 ? [] : [walk]))
}

/** `The walk took 1.4 s and 520 requests; dockerd 0.6 s of CPU, 3 MiB more memory, its raft log 0.4 MiB more.` */
export function costOf(walks: readonly Walk[]): string {
  const cost = totalCost(walks)
  const told = [
    cost.engineCpuMs === undefined ? [] : [`${seconds(cost.engineCpuMs)} of CPU`],
    cost.engineGrewBytes === undefined ? [] : [`${mebibytes(cost.engineGrewBytes)} of memory`],
    cost.raftGrewBytes === undefined ? [] : [`${mebibytes(cost.raftGrewBytes)} of raft log`],
  ].flat()
  const engine = told.length === 0 ? 'what it cost dockerd could not be asked' : `dockerd: ${told.join(', ')}`
  return `The walk took ${seconds(cost.wallMs)} and ${count(cost.requests, 'request')}, held at most ${count(cost.atOnce, 'address', 'addresses')} at once; ${engine}.`
}

/** All walks together; a figure that one of them lacks is not known. */
export function totalCost(walks: readonly Walk[]) {
  const sum = (values: readonly (number | undefined)[]): number | undefined =>
    values.reduce<number | undefined>(
      (total, value) => (total === undefined || value === undefined ? undefined : total + value),
      0,
    )
  const costs = walks.map(({ cost }) => cost)
  return {
    wallMs: costs.reduce((total, { wallMs }) => total + wallMs, 0),
    requests: costs.reduce((total, { requests }) => total + requests, 0),
    atOnce: Math.max(0, ...walks.map((walk) => walk.atOnce)),
    engineCpuMs: sum(costs.map(({ engineCpuMs }) => engineCpuMs)),
    engineGrewBytes: sum(costs.map(({ engineGrewBytes }) => engineGrewBytes)),
    raftGrewBytes: sum(costs.map(({ raftGrewBytes }) => raftGrewBytes)),
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

function mebibytes(bytes: number): string {
  const value = bytes / 2 ** 20
  return `${value > 0 ? '+' : ''}${value.toFixed(1)} MiB`
}
