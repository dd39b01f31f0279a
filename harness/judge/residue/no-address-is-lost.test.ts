import { expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import { type AddressesAfter, addressesAfter } from '../../model/facts/residue/addresses-after.ts'
import { throwawayBatch } from '../../model/facts/throwaway-batch.ts'
import { noAddressIsLost } from './no-address-is-lost.ts'
import { said } from './testing/looks.ts'

const stack = 'pvc-20261120t121700z-3f2a-1'
const at = '2026-11-20T12:00:00Z'
const why = { code: 'CENSUS_SERVICE_WAITS', seen: 'web waits for an address', remedy: 'Wait.' }

const batch = throwawayBatch.schema.parse({
  ...{ atOnce: 1, mostAtOnce: 1, wallMs: 9_000 },
  stacks: [
    {
      ...{ name: stack, networkId: 'own1', came: 'running', removal: 'gone', startedMs: 0 },
      addresses: { proxy: ['10.10.0.9'], [`${stack}-net`]: ['10.0.9.3'] },
      vips: { ingress: ['10.0.0.7'], own1: ['10.0.9.2'] },
    },
  ],
})

function network(Id: string, Name: string, Subnet: string, Ingress = false) {
  return { Id, Name, Created: at, Scope: 'swarm', Driver: 'overlay', Ingress, IPAM: { Config: [{ Subnet }] } }
}

function task(id: string, service: string, state: string, address: string) {
  const attached = [{ Network: { ID: 'p' }, Addresses: [`${address}/16`] }]
  const Status = { Timestamp: at, State: state }
  return { ID: id, CreatedAt: at, ServiceID: service, DesiredState: state, Status, NetworksAttachments: attached }
}

function service(ID: string, Name: string) {
  return { ID, CreatedAt: at, UpdatedAt: at, Spec: { Name, TaskTemplate: {}, Mode: {} } }
}

/** Of one node, whose load balancers are known; `others` is how many there are beside it. */
function reading({
  tasks = [],
  services = [],
  others = 0,
}: {
  tasks?: object[]
  services?: object[]
  others?: number
} = {}) {
  const nodes = Array.from({ length: 1 + others }, (_, index) => ({
    ID: `n${index}`,
    Spec: { Role: 'worker', Availability: 'active' },
    Status: { State: 'ready' },
  }))
  return {
    ...{ startedAt: at, endedAt: at, nodes, services, tasks, attached: [], balancersOf: ['n0'] },
    balancers: [{ networkId: 'i', nodeId: 'n0', address: '10.0.0.2' }],
    ...{ networks: [network('p', 'proxy', '10.10.0.0/16'), network('i', 'ingress', '10.0.0.0/24', true)] },
    ...{ counts: {}, moved: false },
  }
}

/** All but what the run held. */
const others = ['10.0.0.2-10.0.0.6', '10.0.0.8-10.0.0.254']

const lap = (offered: readonly string[], walked: readonly string[] = ['10.0.0.1-10.0.0.254']) => ({
  ...{ startedAt: at, endedAt: at, kind: 'ingress', creates: 1 },
  ...{ offered, walked },
})

function census(laps: readonly object[], more: object = {}, readings: readonly object[] = [reading()]) {
  const walk = { networkId: 'i', laps, atOnce: 8, ended: 'whole', cost: { wallMs: 1, requests: 1 }, ...more }
  return { readings, walks: [walk], allocator: { leader: 'n0' } }
}

interface Scene {
  readonly proxy?: object
  readonly census?: object
  readonly reading?: object
}

function judge({ proxy = { how: 'free' }, census: walked, reading: last = reading() }: Scene = {}) {
  const after: AddressesAfter = addressesAfter.schema.parse({
    asked: [
      { network: 'proxy', address: '10.10.0.9', ...proxy },
      { network: 'ingress', address: '10.0.0.7', how: 'walked' },
    ],
    census: walked ?? census([lap(['10.0.0.2-10.0.0.9'])]),
    reading: last,
  })
  return noAddressIsLost.judge({ batch, after }, expectationsSchema.parse({}))
}

test('what can be had again, by itself or by a lap, is not lost; networks of its own take theirs along', () => {
  expect(said(judge())).toEqual([
    'pass: ingress: 1 address held by the run: 1 free again',
    'pass: proxy: 1 address held by the run: 1 free again',
  ])
})

test('what nobody has and nobody is given is lost', () => {
  const lost = judge({ proxy: { how: 'taken' }, census: census([lap(others), lap(others)]) })
  expect(lost).toMatchObject([
    { subject: 'ingress', verdict: 'fail', code: 'RESIDUE_ADDRESS' },
    { subject: 'proxy', verdict: 'fail', code: 'RESIDUE_ADDRESS' },
  ])
  expect(lost[0]?.actual).toContain(`1 lost: 10.0.0.7 (the VIP of ${stack})`)
  expect(lost[1]?.actual).toContain(`1 lost: 10.10.0.9 (the task of ${stack})`)
})

test('what somebody else has by now is not', () => {
  const theirs = reading({ tasks: [task('t', 'web', 'running', '10.10.0.9')], services: [service('web', 'web_app')] })
  expect(said(judge({ proxy: { how: 'taken' }, reading: theirs }))).toContain(
    'pass: proxy: 1 address held by the run: 0 free again, 1 held by somebody else',
  )
})

test.each<[string, Scene, RegExp]>([
  ['nobody asked, and why', { proxy: { how: 'unasked', why } }, /^10\.10\.0\.9: CENSUS_SERVICE_WAITS: web waits/],
  ['one lap found it in use, and there was no second', { census: census([lap([])]) }, /in use in 1 of 2 laps/],
  [
    'others had so many for a moment that each time somebody may have had it',
    { census: census([lap(['10.0.0.2-10.0.0.6', '10.0.0.20-10.0.0.254']), lap(others)]) },
    /so many come and go/,
  ],
  ['no lap came by', { census: census([lap([], []), lap([], [])]) }, /in use in 0 of 2 laps/],
  ['the walk was refused', { census: census([], { ended: 'refused', why }) }, /^10\.0\.0\.7: CENSUS_SERVICE_WAITS/],
  ['dockerd started anew in mid-walk', { census: census([lap([]), lap([])], { ended: 'unsure', why }) }, /CENSUS_SERV/],
  [
    'a task of its own still had it',
    { proxy: { how: 'taken' }, reading: reading({ tasks: [task('t', 'gone', 'running', '10.10.0.9')] }) },
    /task t of a removed service still had it/,
  ],
  [
    'another node may have it for its load balancer',
    { census: census([lap([]), lap([])]), reading: reading({ others: 1 }) },
    /load balancer of another node/,
  ],
])('it is unknown where %s', (_, scene, reason) => {
  const [worst] = judge(scene).filter(({ verdict }) => verdict !== 'pass')
  expect(worst).toMatchObject({ verdict: 'unknown' })
  expect(worst?.reason).toMatch(reason)
  expect(worst?.remedy).toBeTruthy()
})

test('an address that is not among those that were asked for is unknown', () => {
  const after = addressesAfter.schema.parse({ asked: [] })
  const judged = noAddressIsLost.judge({ batch, after }, expectationsSchema.parse({}))
  expect(judged.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown'])
})

const gone = { name: stack, serviceId: 's', networkId: 'own1', removal: 'gone', startedMs: 0 }
const held = { addresses: { proxy: ['10.10.0.9'] }, vips: { ingress: ['10.0.0.7'] } }

test.each<[string, object, readonly string[]]>([
  ['a stack whose VIPs could not be read', { came: 'running', ...held, vips: {} }, ['pass', 'unknown']],
  [
    'a stack that was cut short before its task was seen',
    { came: 'interrupted', vips: held.vips },
    ['pass', 'unknown'],
  ],
  [
    'a service of which nobody knows whether it came',
    { came: 'interrupted', serviceId: undefined, removal: 'left' },
    ['unknown'],
  ],
  ['a stack that hung without an address', { came: 'stuck' }, ['pass']],
  ['a stack of which all was seen', { came: 'running', ...held }, ['pass', 'pass']],
])('of %s only what was seen is judged', (_, outcome, verdicts) => {
  const one = throwawayBatch.schema.parse({
    ...{ atOnce: 1, mostAtOnce: 1, wallMs: 9_000 },
    stacks: [{ ...gone, ...outcome }],
  })
  const asked = [
    { network: 'proxy', address: '10.10.0.9', how: 'free' },
    { network: 'ingress', address: '10.0.0.7', how: 'free' },
  ]
  const after = addressesAfter.schema.parse({ asked, reading: reading() })
  const judged = noAddressIsLost.judge({ batch: one, after }, expectationsSchema.parse({}))
  expect(judged.map(({ verdict }) => verdict)).toEqual(verdicts)
})
