import { defineCheck } from '../../model/check.ts'
import { exhaustion } from '../signature/exhaustion.ts'
import { signatureNeeds } from './journal-facts.ts'
import { judgeSignatures } from './judge-signatures.ts'

export const noExhaustion = defineCheck({
  id: 'PV-JRN-005',
  title: 'dockerd logged no want of an address or a subnet in the window',
  needs: signatureNeeds,
  judge: (facts) =>
    judgeSignatures(facts, { signatures: exhaustion, subject: 'signatures of exhaustion', verdict: 'fail' }),
})
