import { describe } from 'vitest'
import { preflightChecks } from '../harness/judge/preflight/preflight-checks.ts'
import { prove } from '../harness/run/prove.ts'

describe('the host may be acted on', () => {
  for (const check of preflightChecks) prove(check)
})
