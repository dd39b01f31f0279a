import { createHash } from 'node:crypto'
import type { EvidenceRecord } from '../../model/record.ts'

/** The `prev` of a bundle's first record. */
export const noHash = '0'.repeat(64)

const tail = /,"hash":"([0-9a-f]{64})"\}$/

/**
 * A record as its line, without the line break. The hash is over bytes, not over values, so that no two readers can
 * disagree on it: `sed 's/,"hash":"[0-9a-f]*"}$/}/' | sha256sum` (without the line break) gives the same.
 */
export function sealLine(record: Omit<EvidenceRecord, 'hash'>): { readonly line: string; readonly hash: string } {
  const { seq, at, run, body, prev } = record
  const content = JSON.stringify({ seq, at, run, body, prev })
  const hash = sha256(content)
  return { line: `${content.slice(0, -1)},"hash":"${hash}"}`, hash }
}

/** The hash that a line claims, and whether it is the line's own; `undefined` where it claims none. */
export function checkLine(line: string): { readonly hash: string; readonly holds: boolean } | undefined {
  const match = tail.exec(line)
  const hash = match?.[1]
  if (match === null || hash === undefined) return undefined
  return { hash, holds: sha256(`${line.slice(0, match.index)}}`) === hash }
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
