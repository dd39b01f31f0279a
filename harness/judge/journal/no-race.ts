import { defineCheck } from '../../model/check.ts'
import { count } from '../say.ts'
import { harmless } from '../signature/harmless.ts'
import type { Hit } from '../signature/match.ts'
import { matchSignatures } from '../signature/match.ts'
import { race } from '../signature/race.ts'
import { signatureNeeds } from './journal-facts.ts'
import { judgeSignatures } from './judge-signatures.ts'
import { ownLines, startOf } from './own-lines.ts'

/** While it starts, dockerd clears away what its last run left of networks on this node, and logs the same lines. */
const startUpUs = 60_000_000

/** `unknown` on a match, as for leaks: these lines came with the incidents, and are not known to cause them. */
export const noRace = defineCheck({
  id: 'PV-JRN-007',
  title: 'dockerd logged no removal of networks that met another in the window',
  needs: signatureNeeds,
  judge: (facts) => {
    const { unit, window } = facts
    const settledUs = startOf(unit) + startUpUs
    const judgements = judgeSignatures(facts, {
      signatures: race,
      fromUs: settledUs,
      subject: 'signatures of removals that met',
      verdict: 'unknown',
      because: 'the incidents of exhaustion came with it',
    })
    const starting = window.entries.filter(({ timeUs }) => timeUs < settledUs)
    const beside = [
      ...say(matchSignatures(ownLines(window.entries, unit), harmless)),
      ...say(matchSignatures(ownLines(starting, unit), race), 'while dockerd started'),
    ]
    if (beside.length === 0) return judgements
    return judgements.map((judgement) => ({
      ...judgement,
      actual: `${judgement.actual}; counted beside: ${beside.join(', ')}`,
    }))
  },
})

function say(hits: readonly Hit[], when = ''): string[] {
  return hits.map(
    ({ signature, entries }) => `${signature.name} (${[count(entries.length, 'time'), when].join(' ').trim()})`,
  )
}
