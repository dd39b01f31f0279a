import type { JournalFile } from '../../model/facts/journal-files.ts'
import type { JournalFacts } from './journal-facts.ts'
import { oldestOwnLine, timeOf } from './own-lines.ts'

/** Why the journal may lack lines of the window; empty when it lacks none. */
export function gapsOf(facts: JournalFacts): readonly string[] {
  const { files, window } = facts
  const sinceUs = Date.parse(window.since) * 1000
  const system = files.files.filter(({ ofUser }) => !ofUser)
  const oldestUs = Math.min(...system.map(({ headUs }) => headUs))
  // Between the start of the process and its first line there is nothing to lose.
  const neededUs = Math.max(sinceUs, Math.min(oldestOwnLine(facts)?.timeUs ?? sinceUs, sinceUs + startSlackUs))
  return [
    ...(system.length === 0 ? ['journalctl shows no file of the system journal'] : []),
    ...(system.length > 0 && oldestUs > neededUs
      ? [`its oldest entry is of ${timeOf(oldestUs)}, and the window starts at ${window.since}`]
      : []),
    ...holesIn(files.files, sinceUs),
    ...newSeriesIn(system, sinceUs),
    ...files.complaints.map((complaint) => `journalctl says: ${complaint}`),
    ...answerTroubles(window),
  ]
}

const startSlackUs = 5_000_000

/** Entries are numbered across the files of a series: a number that no file covers is an entry that is gone. */
function holesIn(files: readonly JournalFile[], sinceUs: number): string[] {
  const sorted = files.toSorted((a, b) => a.headNumber - b.headNumber)
  return sorted.flatMap((file) => {
    const earlier = sorted.filter((other) => other.series === file.series && other.headNumber < file.headNumber)
    const covered = Math.max(...earlier.map(({ tailNumber }) => tailNumber))
    if (earlier.length === 0 || file.headNumber <= covered + 1 || file.headUs < sinceUs) return []
    return [`${file.headNumber - covered - 1} entries before ${timeOf(file.headUs)} are in none of its files`]
  })
}

/** A file that is lost while it is written to leaves no hole in the numbers: the next one counts anew. */
function newSeriesIn(system: readonly JournalFile[], sinceUs: number): string[] {
  const kept = system.filter(({ volatile }) => !volatile).toSorted((a, b) => a.headUs - b.headUs)
  const first = kept.filter((file, index) => kept.findIndex(({ series }) => series === file.series) === index)
  return first
    .slice(1)
    .filter(({ headUs }) => headUs >= sinceUs)
    .map(({ headUs }) => `its entries are numbered anew since ${timeOf(headUs)}: the file before that one may be lost`)
}

function answerTroubles({ exitCode, stderr, truncated, entries }: JournalFacts['window']): string[] {
  const unreadable = entries.filter(({ message }) => message === null).length
  return [
    ...(exitCode === 0 || truncated ? [] : [`journalctl ended with exit code ${exitCode}`]),
    ...(stderr.trim() === '' ? [] : [`journalctl says: ${stderr.trim().split('\n')[0]}`]),
    ...(truncated ? ['there are more lines in the window than were read'] : []),
    ...(unreadable === 0 ? [] : [`${unreadable} lines came without their text`]),
  ]
}
