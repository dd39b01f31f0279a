import type { Verdict } from '../../model/verdict.ts'
import { prose } from './markdown.ts'
import type { Tally } from './tally.ts'

const words: readonly (readonly [Verdict, string])[] = [
  ['fail', 'failed'],
  ['blocked', 'blocked'],
  ['unknown', 'unknown'],
]

/** The gates stand for nobody's word but the adversary's. */
const notReviewed = 'M1, M2 not reviewed'

/** The first line of STATUS: what the builder claims, and everything that speaks against it. */
export function claimOf(tally: Tally): string {
  const count = (verdict: Verdict): number => [...tally.verdicts.values()].filter((own) => own === verdict).length
  const passed = count('pass') + count('waived')
  const total = tally.verdicts.size - count('n/a') + tally.notJudged.length
  const nothing = passed + count('fail') + count('blocked') + count('unknown') === 0
  const against = words.flatMap(([verdict, word]) => (count(verdict) > 0 ? [`${count(verdict)} ${word}`] : []))
  if (tally.notJudged.length > 0) against.push(`${tally.notJudged.length} not judged`)
  const parts = [
    `CLAIM: ${passed} of ${total} checks passed`,
    nothing ? `nothing was judged: ${causeOf(tally)}` : against.join(', '),
    count('waived') > 0 ? `${count('waived')} waived` : '',
    count('n/a') > 0 ? `${count('n/a')} n/a` : '',
    tally.leftOut.length > 0 ? `${tally.leftOut.length} left out` : '',
    nothing ? '' : troubleOf(tally),
    tally.end === undefined && !nothing ? 'the run did not come to its end' : '',
    notReviewed,
  ]
  return parts.filter((part) => part !== '').join('; ')
}

function causeOf({ troubles, end }: Tally): string {
  const code = troubles[0]?.code
  if (code !== undefined) return prose(code, 100)
  if (end === undefined) return 'the run did not come to its end'
  return isInterrupt(end.exit) ? `the run was ${end.exit}` : 'no check was executed'
}

function troubleOf({ troubles, end }: Tally): string {
  const codes = [...new Set(troubles.map(({ code }) => code))].map((code) => prose(code, 100))
  const interrupt = end !== undefined && isInterrupt(end.exit) ? [`the run was ${end.exit}`] : []
  return [...interrupt, ...(codes.length > 0 ? [`trouble: ${codes.join(', ')}`] : [])].join('; ')
}

function isInterrupt(exit: string): exit is 'interrupted' | 'terminated' {
  return exit === 'interrupted' || exit === 'terminated'
}
