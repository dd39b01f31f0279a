import type { Expectations } from '../../model/expectations.ts'
import type { AddressCensus, Walk } from '../../model/facts/addresses/census.ts'
import { type Verdict, verdicts, worstVerdict } from '../../model/verdict.ts'
import { numberOf } from '../address/judge-census.ts'
import { judgeFill, usedBounds } from '../address/judge-fill.ts'
import type { Leaked, NetworkCensus } from '../address/network-census.ts'
import type { WalkDecision } from '../address/plan-walk.ts'
import { projectLeaks } from '../address/project-leaks.ts'
import type { LeakPoint, Projection } from '../address/projection.ts'
import { type Since, sinceWhen } from '../address/since.ts'
import { judgeLeaks } from './judge-leaks.ts'
import { leakPointOf, lifeOf } from './leak-point.ts'
import { type CensusOf, networksOf } from './networks-of.ts'
import { removedStacks } from './removed-stacks.ts'
import { type SubnetChange, subnetChange } from './subnet-change.ts'

/** What a census says of one overlay, with what earlier bundles add. */
export interface NetworkReport {
  readonly census: NetworkCensus
  /** How much of what can be handed out is held or leaked; not exact where leaked ones may come on top. */
  readonly taken: { readonly count: number; readonly percent: number | undefined; readonly isExact: boolean }
  /** The worst of its findings. */
  readonly verdict: Verdict
  readonly projection: Projection
  /** What another subnet has changed, or would. */
  readonly subnetChange?: SubnetChange
  /** Of each leaked address, or candidate for one. */
  readonly since: readonly Since[]
  /** Where it was walked, or was to be. */
  readonly walk?: Walk
  /** Where it was not: what a walk would take. */
  readonly offer?: WalkDecision
}

export interface ReportParts {
  readonly wanted: Expectations
  readonly census: AddressCensus
  /** Earlier censuses of the same Swarm, the oldest first; those of an earlier allocator tell only of other subnets. */
  readonly earlier: readonly AddressCensus[]
  /** What a walk would take, for a network that was not walked. */
  readonly offerFor: (network: NetworkCensus) => WalkDecision
}

/** All overlays that were asked about, the worst first. */
export function reportNetworks(parts: ReportParts): readonly NetworkReport[] {
  const { census, earlier } = parts
  const life = lifeOf(census)
  const ofThisLife = earlier.filter((before) => lifeOf(before) === life)
  const course = courseOf([...ofThisLife, census])
  return networksOf(census)
    .map((one) => reportOf(one, parts, course))
    .sort(worstFirst)
}

/** A census, with the stacks that have gone since the one before, by network. */
interface Step {
  readonly census: AddressCensus
  readonly gone: ReadonlyMap<string, number>
}

function courseOf(censuses: readonly AddressCensus[]): readonly Step[] {
  const gone = removedStacks(censuses)
  return censuses.map((census, index) => ({ census, gone: gone[index] ?? new Map() }))
}

/** What a census that tells nothing of the network has seen to go is told by the next one that does. */
function pointsOf(course: readonly Step[], networkId: string): readonly LeakPoint[] {
  let removed = 0
  return course.flatMap(({ census, gone }) => {
    removed += gone.get(networkId) ?? 0
    const point = leakPointOf(census, networkId)
    if (point === undefined) return []
    const told = { ...point, removedStacks: removed }
    removed = 0
    return [told]
  })
}

function reportOf(
  one: CensusOf,
  { wanted, census, earlier, offerFor }: ReportParts,
  course: readonly Step[],
): NetworkReport {
  const { found, walk } = one
  const points = pointsOf(course, found.id)
  const at = leakPointOf(census, found.id)?.at ?? census.readings.at(-1)?.endedAt ?? ''
  const projection = projectLeaks(points, Date.parse(at))
  const change = subnetChange({
    ...{ found, projection, earlier },
    pointsOf: (id) => earlier.flatMap((before) => leakPointOf(before, id) ?? []),
  })
  return {
    census: found,
    taken: takenOf(found),
    verdict: worstVerdict([judgeLeaks(one).verdict, judgeFill(found, wanted).verdict]),
    projection,
    ...(change === undefined ? {} : { subnetChange: change }),
    since: sinceWhen(namedIn(found.leaked), at, points),
    ...(walk === undefined ? { offer: offerFor(found) } : { walk }),
  }
}

function takenOf(found: NetworkCensus): NetworkReport['taken'] {
  const { least, most } = usedBounds(found)
  const { capacity, pools } = found.ledger
  // An IPv4 subnet too small to hand anything out is full.
  const percent = capacity > 0 ? (least / capacity) * 100 : pools.length > 0 ? 100 : undefined
  return { count: least, percent, isExact: least === most }
}

function namedIn(leaked: Leaked): readonly string[] {
  if (leaked.state === 'exact') return leaked.addresses
  return leaked.state === 'counted' ? leaked.candidates : []
}

/** How many are leaked for certain. */
export function leastOf(leaked: Leaked): number {
  return leaked.state === 'estimated' ? leaked.atLeast : (numberOf(leaked) ?? 0)
}

function worstFirst(a: NetworkReport, b: NetworkReport): number {
  const rank = ({ verdict }: NetworkReport): number => (verdict === 'n/a' ? -1 : verdicts.indexOf(verdict))
  return (
    rank(b) - rank(a) ||
    (b.taken.percent ?? -1) - (a.taken.percent ?? -1) ||
    leastOf(b.census.leaked) - leastOf(a.census.leaked) ||
    (a.census.name < b.census.name ? -1 : 1)
  )
}
