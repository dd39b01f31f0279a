import type { JournalFacts } from './journal-facts.ts'

/** Whose lines journald threw away because too many came at once, and how many. */
export function suppressedOf({ suppressed }: Pick<JournalFacts, 'suppressed'>): ReadonlyMap<string, number> {
  const byUnit = new Map<string, number>()
  for (const { message } of suppressed.entries) {
    const [, number, unit = 'unknown'] = /Suppressed (\d+) messages from (\S+)/.exec(message ?? '') ?? []
    byUnit.set(unit, (byUnit.get(unit) ?? 0) + Number(number ?? 1))
  }
  return byUnit
}
