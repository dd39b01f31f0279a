import type { Judgement } from '../../model/check.ts'
import type { Verdict } from '../../model/verdict.ts'
import { count, list } from '../say.ts'
import type { Hit } from '../signature/match.ts'
import { matchSignatures } from '../signature/match.ts'
import type { Signature } from '../signature/signature.ts'
import { doubtsOf } from './doubts.ts'
import type { SignatureFacts } from './journal-facts.ts'
import { ownLines, timeOf } from './own-lines.ts'

interface Group {
  readonly signatures: readonly Signature[]
  /** What it is called when none of them was seen. */
  readonly subject: string
  /** What a match is worth. */
  readonly verdict: Extract<Verdict, 'fail' | 'unknown'>
  /** Microseconds since 1970; what was logged before is not matched. */
  readonly fromUs?: number
  /** Said of every match, after what the signature means. */
  readonly because?: string
}

/** One judgement for each signature that was seen; one in all when none was, and it counts only if it could be seen. */
export function judgeSignatures(facts: SignatureFacts, group: Group): readonly Judgement[] {
  const lines = ownLines(facts.window.entries, facts.unit).filter(({ timeUs }) => timeUs >= (group.fromUs ?? 0))
  const hits = matchSignatures(lines, group.signatures)
  const { fromUs } = group
  const isLater = fromUs !== undefined && fromUs > Date.parse(facts.window.since) * 1000
  const expected = `none since ${isLater ? timeOf(fromUs) : facts.window.since}`
  if (hits.length > 0) return hits.map((hit) => judgeHit(hit, group, expected))
  const doubts = doubtsOf(
    facts,
    group.signatures.some(({ leaderOnly }) => leaderOnly),
  )
  const said = { subject: group.subject, expected, actual: `none in ${count(lines.length, 'line')}` }
  if (doubts.length === 0) return [{ ...said, verdict: 'pass' }]
  return [
    {
      ...said,
      verdict: 'unknown',
      reason: list(doubts),
      remedy: 'Mend what the named check says; on a Swarm of several managers verify the one that leads.',
    },
  ]
}

function judgeHit({ signature, entries }: Hit, group: Group, expected: string): Judgement {
  const [first, last] = [entries[0], entries.at(-1)]
  const times = first === undefined || last === undefined ? '' : `, ${timeOf(first.timeUs)} to ${timeOf(last.timeUs)}`
  return {
    subject: signature.name,
    expected,
    actual: `${count(entries.length, 'time')}${times}; the last: ${shorten(last?.message ?? '')}`,
    verdict: group.verdict,
    reason: `${signature.class}: ${signature.meaning}${group.because === undefined ? '' : `; ${group.because}`}`,
    remedy: signature.remedy,
  }
}

function shorten(line: string): string {
  return line.length > 400 ? `${line.slice(0, 400)}...` : line
}
