import { expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import { addressReading } from '../../model/facts/addresses/reading.ts'
import { only } from '../test-host/green.ts'
import { engineCountAgrees } from './engine-count-agrees.ts'

const at = '2026-11-20T10:00:00Z'
const wanted = expectationsSchema.parse({ sharedNetwork: { name: 'proxy' } })

/** `ingress` of an engine 29.7.2 with one node and no service; by default as it was recorded after eleven leaks. */
function judge(inUse: number | undefined, more: object = {}) {
  const ingress = {
    ...{ Id: 'ing', Name: 'ingress', Created: at, Scope: 'swarm', Driver: 'overlay', Ingress: true },
    IPAM: { Config: [{ Subnet: '10.0.0.0/24', Gateway: '10.0.0.1' }] },
  }
  const node = (ID: string) => ({
    ...{ ID, Spec: { Role: 'manager', Availability: 'active' }, Status: { State: 'ready' } },
  })
  const reading = addressReading.schema.parse({
    ...{ startedAt: at, endedAt: at, networks: [ingress], nodes: [node('one')] },
    ...{ services: [], tasks: [], attached: [], moved: false },
    ...{ balancers: [{ networkId: 'ing', nodeId: 'one', address: '10.0.0.2' }], balancersOf: ['one'] },
    counts: inUse === undefined ? {} : { ing: { '10.0.0.0/24': { inUse, free: 256 - inUse } } },
    ...('nodes' in more ? { ...more, nodes: ['one', 'two'].map(node) } : more),
  })
  return only(engineCountAgrees.judge({ reading }, wanted))
}

test('what is in use and held by nobody has leaked', () => {
  expect(judge(15)).toMatchObject({
    subject: 'ingress (ing)',
    verdict: 'fail',
    actual: '15 addresses in use and 241 free by the allocator; 3 reserved and 1 held by the ledger',
    reason: '11 addresses in use that nobody holds: leaked',
    remedy: expect.stringContaining('pvcheck census --walk'),
  })
})

test('a count that is that of the ledger passes', () => {
  expect(judge(4)).toMatchObject({ verdict: 'pass' })
})

test('a holder that the allocator does not know of will meet another', () => {
  expect(judge(3)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('1 holder more') })
})

test('one that is only supposed to be there is unknown', () => {
  expect(judge(4, { nodes: 2 })).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('the load balancer of node two'),
  })
})

test('lists that never agreed prove nothing', () => {
  expect(judge(15, { moved: true })).toMatchObject({ verdict: 'unknown' })
})

test('an engine that tells no count is not asked for one', () => {
  expect(judge(undefined)).toMatchObject({ verdict: 'n/a', reason: expect.stringContaining('1.52') })
})
