import type { JournalEntry } from '../../model/facts/journal-entry.ts'
import { parseDockerdLine } from '../journal/dockerd-line.ts'
import type { Signature } from './signature.ts'

export interface Hit {
  readonly signature: Signature
  readonly entries: readonly JournalEntry[]
}

/** At these levels dockerd repeats what its callers sent, whole requests included. */
const chatty = new Set(['debug', 'trace'])

/** What was seen of each signature; those of the same name are one, and those that were not seen are left out. */
export function matchSignatures(entries: readonly JournalEntry[], signatures: readonly Signature[]): readonly Hit[] {
  const hits = new Map<string, { signature: Signature; entries: JournalEntry[] }>()
  for (const entry of entries) {
    const line = parseDockerdLine(entry.message ?? '')
    if (chatty.has(line.level)) continue
    const signature = signatures.find(
      ({ message, error }) => (message?.test(line.message) ?? true) && (error?.test(line.error) ?? true),
    )
    if (signature === undefined) continue
    const hit = hits.get(signature.name) ?? { signature, entries: [] }
    hit.entries.push(entry)
    hits.set(signature.name, hit)
  }
  return [...hits.values()]
}
