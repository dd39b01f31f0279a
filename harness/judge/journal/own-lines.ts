import type { EngineUnit } from '../../model/facts/engine-unit.ts'
import type { JournalEntry } from '../../model/facts/journal-entry.ts'
import type { JournalFacts } from './journal-facts.ts'

/** dockerd's own lines: no container's, and none of another program that the unit runs. */
export function ownLines(entries: readonly JournalEntry[], unit: EngineUnit): readonly JournalEntry[] {
  return entries.filter(({ fromContainer, identifier }) => !fromContainer && identifier === unit.syslogIdentifier)
}

/**
 * The lines that the running dockerd wrote, oldest first; of those from before the window, its first and last. The
 * oldest is the positive control: it proves that its lines come here at all. A line of an earlier dockerd does not:
 * the log may have gone elsewhere since.
 */
export function linesOfRunning({ unit, anchors, window }: JournalFacts): readonly JournalEntry[] {
  // What a stopped unit logged, it logged when it ran: the dockerd that answers is another one.
  if (unit.activeState !== 'active') return []
  const startUs = startOf(unit)
  const candidates = ownLines([...anchors.first.entries, ...anchors.before.entries, ...window.entries], unit)
  return candidates
    .filter(({ invocationId, timeUs }) => invocationId === unit.invocationId || timeUs >= startUs)
    .toSorted((a, b) => a.timeUs - b.timeUs)
}

export function oldestOwnLine(facts: JournalFacts): JournalEntry | undefined {
  return linesOfRunning(facts)[0]
}

/** Microseconds since 1970. */
export function startOf(unit: EngineUnit): number {
  return Date.parse(unit.startedAt ?? '') * 1000
}

export function timeOf(microseconds: number): string {
  return new Date(microseconds / 1000).toISOString()
}
