import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../../harness/core/errors.ts'
import { exitCodes } from '../../../harness/core/exit.ts'
import type { BundleReader } from '../bundle-reader.ts'
import type { KillCase, Strike } from './cases.ts'
import type { Desk, Ended } from './command.ts'
import type { KeptLine } from './watch.ts'

const killed = 128 + 9
const { pass, failed, unknown, blocked, stale, internal } = exitCodes

/** How a run may end that was struck so. */
const endings: Readonly<Record<Strike, readonly number[]>> = {
  command: [killed],
  everything: [killed],
  worker: [internal.code],
  // Killed before it has said that it is there, it lets nothing begin.
  janitor: [failed.code, unknown.code, blocked.code],
  tunnel: [failed.code, unknown.code, blocked.code],
  // Struck early or late it may come to itself in time.
  engine: [pass.code, failed.code, unknown.code, blocked.code],
  disk: [stale.code],
}

/** Whether a run ended as it should. */
export function endingFaults({ strike }: KillCase, { code, output }: Ended): string[] {
  const wanted = endings[strike]
  if (wanted.includes(code)) return []
  return [`the run ended with ${code}, not ${wanted.join(' or ')}: ${output.trim().slice(-1500)}`]
}

/** What is on its way when a run is struck may still be written down; so long it may take to hear of it. */
const hearingMs = 1_000

/** Whether something was intended when it was clear that nothing may be created any more. */
export function lateIntents({ strike }: KillCase, lines: readonly KeptLine[], struckAt: number): string[] {
  // A run that has lost its connection may go on once it has another, and one whose engine restarts does. That the
  // disk is full shows when there is something to be saved.
  if (strike === 'tunnel' || strike === 'engine' || strike === 'disk') return []
  return lines
    .filter(({ line, at }) => line === 'intend' && Date.parse(at) > struckAt + hearingMs)
    .map(({ name, at }) => `${name} was intended at ${at}, ${Date.parse(at) - struckAt} ms after the strike`)
}

/** Whether the evidence of the run holds, and of whoever lived on also says how it ended. */
export async function evidenceFaults(
  { strike }: KillCase,
  { reports }: Desk,
  readBundle: BundleReader,
): Promise<string[]> {
  const dir = join(reports, 'evidence')
  const [first] = (await readdir(dir)).sort()
  if (first === undefined) return ['the run has no evidence']
  const livedOn = strike !== 'command' && strike !== 'everything' && strike !== 'disk'
  try {
    const { complete, records } = await readBundle(join(dir, first))
    const faults = records.length === 0 ? ['the evidence has no record'] : []
    if (livedOn && !complete) faults.push('the evidence has no end, and the run lived on')
    if (livedOn && !existsSync(join(reports, 'STATUS-pvcheck.md'))) faults.push('there is no STATUS')
    return faults
  } catch (error) {
    return [`the evidence is damaged: ${messageOf(error)}`]
  }
}
