import { defineCheck } from '../../model/check.ts'
import { count } from '../say.ts'
import { harmless } from '../signature/harmless.ts'
import { matchSignatures } from '../signature/match.ts'
import { race } from '../signature/race.ts'
import { signatureNeeds } from './journal-facts.ts'
import { judgeSignatures } from './judge-signatures.ts'
import { ownLines } from './own-lines.ts'

/** `unknown` on a match, as for leaks: these lines came with the incidents, and are not known to cause them. */
export const noRace = defineCheck({
  id: 'PV-JRN-007',
  title: 'dockerd logged no removal of networks that met another in the window',
  needs: signatureNeeds,
  judge: (facts) => {
    const judgements = judgeSignatures(facts, {
      signatures: race,
      subject: 'signatures of removals that met',
      verdict: 'unknown',
      because: 'the incidents of exhaustion came with it',
    })
    const known = matchSignatures(ownLines(facts.window.entries, facts.unit), harmless)
    if (known.length === 0) return judgements
    const counted = known.map(({ signature, entries }) => `${signature.name} (${count(entries.length, 'time')})`)
    return judgements.map((judgement) => ({
      ...judgement,
      actual: `${judgement.actual}; counted beside them: ${counted.join(', ')}`,
    }))
  },
})
