import { type EngineName, engineNames } from '../../host/engines.ts'
import { type Chance, createChance } from '../chance.ts'
import type { DrillCase } from '../drill.ts'

/** How many tasks leave their address behind. */
export const leaks = [0, 1, 6, 24] as const

/** How often each number of leaks is tried on each engine; half of them while others deploy. */
export const turns = 20

export interface CensusCase extends DrillCase {
  readonly engine: EngineName
  readonly leaks: number
  /** Whether ordinary deploys come and go on the same network all the time. */
  readonly churn: boolean
  /** By which its network differs from all others: 1 for the first case. */
  readonly number: number
}

export const fullCount = engineNames.length * leaks.length * turns

/** All numbers of leaks on all engines, again and again, each time in another order. */
export function chooseCensuses(seed: string, count: number): readonly CensusCase[] {
  const chance = createChance(seed)
  const kinds = engineNames.flatMap((engine) =>
    leaks.map((leaked) => ({ engine, leaked, churns: halfOf(turns, chance) })),
  )
  const rounds = Array.from({ length: turns }, () => chance.shuffle(kinds))
  const chosen = rounds.flatMap((round, turn) => round.map((kind) => ({ ...kind, churn: kind.churns[turn] === true })))
  return chosen.slice(0, count).map(({ engine, leaked, churn }, index) => {
    const point = churn ? 'under churn' : 'in quiet'
    const number = index + 1
    const id = `${String(number).padStart(3, '0')} ${leaked} leaked ${point} on ${engine}`
    return { ...{ id, kind: `${leaked} leaked`, point: `${engine} ${point}` }, engine, leaks: leaked, churn, number }
  })
}

/** As many yes as no, in any order. */
function halfOf(count: number, chance: Chance): readonly boolean[] {
  return chance.shuffle(Array.from({ length: count }, (_, index) => index % 2 === 0))
}
