import { expect, test } from 'vitest'
import { planKnown } from './plan-known.ts'
import { planRemoval } from './plan-removal.ts'
import { factsOf, network, proxy, service } from './testing/swarm.ts'

test('what is known is planned as what is looked up, without the sums for a reader', () => {
  const facts = factsOf({
    services: [service('s_web', { stack: 's', on: ['snet', 'proxy'], stopGraceNs: 1e9 })],
    networks: [proxy, network('snet', { stack: 's' })],
  })
  const [looked] = planRemoval(['s'], facts).stacks
  const known = planKnown('s', {
    services: [{ id: 'sweb', name: 's_web' }],
    networks: [{ id: 'snet', name: 'snet' }],
    joined: ['proxy'],
    stopGraceMs: 10_000,
  })
  expect(known).toEqual({ ...looked, releases: [] })
})
