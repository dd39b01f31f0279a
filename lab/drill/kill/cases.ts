import { createChance } from '../chance.ts'
import type { DrillCase } from '../drill.ts'

/** What is done to a run. */
export const strikes = ['command', 'worker', 'janitor', 'tunnel', 'everything', 'engine', 'disk'] as const
export type Strike = (typeof strikes)[number]

/** Who is left to clean up, where the command and its janitor are dead. */
export const rescuers = ['timer', 'sweep', 'next run'] as const
export type Rescuer = (typeof rescuers)[number]

/** The stacks of a run, and its intents: the lock, and for each stack a network and a service. */
export const stacks = 4
export const intents = 1 + 2 * stacks

export interface KillCase extends DrillCase {
  readonly strike: Strike
  /** The number of the intent at which it is struck, from 1. */
  readonly at: number
  /** Milliseconds from the moment that the intent is on disk: a create may be on its way then, or answered. */
  readonly delayMs: number
  readonly rescuer: Rescuer
}

/** Every strike at every intent. */
export const grid = strikes.length * intents

/** The cases of a seed. The first ones, as many as there are strikes, strike in every way there is. */
export function chooseKills(seed: string, count: number): readonly KillCase[] {
  const chance = createChance(seed)
  const points = new Map(strikes.map((strike) => [strike, chance.shuffle(pointsOf())]))
  const rescues = chance.shuffle(rescuers)
  const rounds = Array.from({ length: intents }, () => chance.shuffle(strikes))
  const struck = rounds.flatMap((round, index) =>
    round.map((strike) => ({ strike, at: points.get(strike)?.[index] ?? 1, round: index })),
  )
  return struck.slice(0, count).map(({ strike, at, round }, index) => ({
    id: `${String(index + 1).padStart(2, '0')} ${strike} at ${at}`,
    kind: strike,
    point: `intent ${at}`,
    strike,
    at,
    // Half of them at once; the others while the engine is at it, or shortly after.
    delayMs: chance.below(2) === 0 ? 0 : chance.below(400),
    rescuer: rescuerAt(at, rescues[round % rescues.length]),
  }))
}

/** The timer is armed under the lock: whoever dies with all helpers while it is being taken has none. */
function rescuerAt(at: number, chosen: Rescuer | undefined): Rescuer {
  return at === 1 && chosen === 'timer' ? 'sweep' : (chosen ?? 'sweep')
}

function pointsOf(): number[] {
  return Array.from({ length: intents }, (_, index) => index + 1)
}
