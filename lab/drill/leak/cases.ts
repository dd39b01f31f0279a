import { type EngineName, engineNames } from '../../host/engines.ts'
import { createChance } from '../chance.ts'
import type { DrillCase } from '../drill.ts'

export const ways = ['docker stack rm', 'pvcheck rm'] as const
export type Way = (typeof ways)[number]

/** How often each way is tried on each engine. */
export const turns = 3
/** Of the leaking shape: on a network that they share, and on one of their own. */
export const stacks = 24
export const atOnce = 8

export interface LeakCase extends DrillCase {
  readonly engine: EngineName
  readonly way: Way
  /** By which its network and its stacks differ from all others: 1 for the first case. */
  readonly number: number
}

export const fullCount = engineNames.length * ways.length * turns

/** Each way on each engine, three times running; in another order each time. */
export function chooseLeaks(seed: string, count: number): readonly LeakCase[] {
  const chance = createChance(seed)
  const kinds = engineNames.flatMap((engine) => ways.map((way) => ({ engine, way })))
  const chosen = Array.from({ length: turns }, () => chance.shuffle(kinds)).flat()
  return chosen.slice(0, count).map(({ engine, way }, index) => {
    const number = index + 1
    const id = `${String(number).padStart(2, '0')} ${way} on ${engine}`
    return { id, kind: way, point: engine, engine, way, number }
  })
}
