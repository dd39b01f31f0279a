import { expect, test } from 'vitest'
import { decode } from '../decode.ts'
import { countsIn, networkStatus, tellsCounts } from './pool-counts.ts'

// Of an engine 29.7.2: `ingress` with one node, no service, and eleven leaked addresses.
const recorded = '{"IPAM":{"Subnets":{"10.0.0.0/24":{"IPsInUse":15,"DynamicIPsAvailable":241}}}}'

test('the count of each subnet is read', () => {
  expect(countsIn(decode(networkStatus, { Id: 'ing', Status: JSON.parse(recorded) }))).toEqual({
    '10.0.0.0/24': { inUse: 15, free: 241 },
  })
})

test.each([
  {},
  { Status: null },
  { Status: {} },
  { Status: { IPAM: { Subnets: null } } },
  { Status: { IPAM: { Subnets: {} } } },
])('%j tells nothing', (body) => {
  expect(countsIn(decode(networkStatus, body))).toBeUndefined()
})

test.each([
  ['GET /v1.41/networks', false],
  ['GET /v1.51/networks', false],
  ['GET /v1.52/networks', true],
  ['GET /v1.100/networks', true],
  ['GET /v2.0/networks', true],
  ['GET /networks', false],
])('%s tells the count: %j', (what, tells) => {
  expect(tellsCounts(what)).toBe(tells)
})
