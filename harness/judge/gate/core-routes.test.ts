import { expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import type { Finding } from '../../model/finding.ts'
import { coreRoutesUp } from './core-routes.ts'

const down = (subject: string): Finding => ({
  ...{ check: 'PV-ROUTE-001', title: 't', expected: 'e', actual: 'a' },
  ...{ subject, verdict: 'fail', evidence: [] },
})
const core = { url: 'https://drone.test/healthz' }
const named = { name: 'the reports', url: 'https://reports.test/' }
const extra = { url: 'https://extra.test/', core: false }

test.each([
  ['a core route', [core, extra], 'drone.test/healthz', true],
  ['a core route with a name of its own', [core, named], 'the reports', true],
  ['a route that is not core', [core, extra], 'extra.test/', false],
  ['all routes, none of which could be asked', [core, extra], 'target', true],
  ['all routes, one of which is called like them', [core, { ...extra, name: 'target' }], 'target', true],
  ['all routes, none of which is core', [extra], 'target', false],
  ['one of two routes of one name, one of which is core', [core, { ...core, core: false }], 'drone.test/healthz', true],
])('%s: %o down as %s stands in the way: %s', (_, routes, subject, blocks) => {
  expect(coreRoutesUp.blocks(down(subject), expectationsSchema.parse({ routes }))).toBe(blocks)
})
