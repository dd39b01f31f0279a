import { defineCheck } from '../../model/check.ts'
import { leak } from '../signature/leak.ts'
import { signatureNeeds } from './journal-facts.ts'
import { judgeSignatures } from './judge-signatures.ts'

/**
 * A match is `unknown`, and not `fail`: it says that addresses may have leaked, but neither whether nor how many, and
 * the API does not show them. Every plain `docker stack rm` leaves it, and a wide network stands thousands of them;
 * `fail` would be red for nothing until the next restart of dockerd, `pass` would be green on faith.
 */
export const noLeak = defineCheck({
  id: 'PV-JRN-006',
  title: 'dockerd logged nothing in the window by which addresses leak',
  needs: signatureNeeds,
  judge: (facts) =>
    judgeSignatures(facts, {
      signatures: leak,
      subject: 'signatures of a leak',
      verdict: 'unknown',
      because: 'how many addresses have leaked is neither in the log nor in the API',
    }),
})
