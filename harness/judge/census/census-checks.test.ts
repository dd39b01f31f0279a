import { describe, expect, test } from 'vitest'
import { type ExitName, exitCodes } from '../../core/exit.ts'
import { expectationsSchema } from '../../model/expectations.ts'
import { type AddressCensus, addressCensus, type Walk } from '../../model/facts/addresses/census.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { RecordBody } from '../../model/record.ts'
import { exitOf } from '../gate/exit.ts'
import { chooseOverlays } from './choose-overlays.ts'
import { lifeOf } from './leak-point.ts'
import { noAddressIsLeaked } from './no-address-is-leaked.ts'
import { overlaysHaveAddresses } from './overlays-have-addresses.ts'
import { reportNetworks } from './report-networks.ts'

const wanted = expectationsSchema.parse({})
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 12, minute)).toISOString()

type Network = AddressReading['networks'][number]

function network(Id: string, Name: string, subnet: string, change: Partial<Network> = {}): Network {
  return {
    ...{ Id, Name, Created: at(0), Scope: 'swarm', Driver: 'overlay', Attachable: true, Ingress: false },
    IPAM: { Driver: 'default', Config: subnet === '' ? null : [{ Subnet: subnet, Gateway: '', IPRange: '' }] },
    ...change,
  }
}

const proxy = network('proxy0id', 'proxy', '10.10.0.0/28')
const shop = network('shop0id', 'shop', '10.20.0.0/28')

function reading(minute: number, networks: readonly Network[] = [proxy, shop]): AddressReading {
  return {
    ...{ startedAt: at(minute), endedAt: at(minute), networks: [...networks], nodes: [], services: [], tasks: [] },
    ...{ attached: [], balancers: [], balancersOf: [], counts: {}, moved: false },
  }
}

/** Two laps on a /28 of which `free` was offered. */
function walk(free: readonly string[], change: Partial<Walk> = {}): Walk {
  const kind = 'vip' as const
  const lap = { kind, offered: [...free], walked: ['10.10.0.0-10.10.0.15'], creates: free.length }
  return {
    ...{ networkId: proxy.Id, atOnce: 2, ended: 'whole', cost: { wallMs: 1, requests: 1 } },
    laps: [
      { ...lap, startedAt: at(1), endedAt: at(1) },
      { ...lap, startedAt: at(3), endedAt: at(3) },
    ],
    ...change,
  }
}

function census(walks: readonly Walk[], change: Partial<AddressCensus> = {}): AddressCensus {
  return {
    asked: [proxy.Id],
    readings: [reading(0), reading(2), reading(4)],
    walks: [...walks],
    allocator: { leader: 'node-1', engineStartedAt: at(0) },
    ...change,
  }
}

const leaks = (given: AddressCensus) => noAddressIsLeaked.judge({ census: given }, wanted)
const room = (given: AddressCensus) => overlaysHaveAddresses.judge({ census: given }, wanted)
const all = '10.10.0.2-10.10.0.14'

describe('no address is leaked', () => {
  test('where all that can be handed out was offered', () => {
    expect(leaks(census([walk([all])]))).toMatchObject([{ subject: 'proxy', verdict: 'pass', actual: 'none of 13' }])
  })

  test('what both laps missed and nobody holds fails, by name', () => {
    expect(leaks(census([walk(['10.10.0.2-10.10.0.5', '10.10.0.7-10.10.0.14'])]))).toMatchObject([
      { verdict: 'fail', actual: '1 leaked: 10.10.0.6' },
    ])
  })

  test('without a walk, on an engine that does not count, it is not known', () => {
    expect(leaks(census([]))).toMatchObject([{ verdict: 'unknown', actual: 'not known' }])
    expect(room(census([]))).toMatchObject([{ verdict: 'unknown' }])
  })

  const why = { code: 'SERVICE_WAITS', seen: 'shop_app waits', remedy: 'Remove it.' }
  test.each([
    ['refused', 'blocked'],
    ['stopped', 'unknown'],
    ['unsure', 'unknown'],
  ] as const)('a walk that was %s is %s, with its code', (ended, verdict) => {
    expect(leaks(census([walk([], { ended, laps: [], why })]))).toMatchObject([
      { verdict, code: 'SERVICE_WAITS', actual: 'shop_app waits', remedy: 'Remove it.' },
    ])
  })

  test('a network that was never given a subnet fails, and one of IPv6 alone does not apply', () => {
    const none = network('none0id', 'none', '', { Driver: '' })
    const six = network('six0id', 'six', 'fd00::/64')
    const given = census([], { readings: [reading(0, [none, six])], asked: [none.Id, six.Id] })
    expect(leaks(given)).toMatchObject([
      { subject: 'none', verdict: 'fail', code: 'NOT_ALLOCATED' },
      { subject: 'six', verdict: 'n/a' },
    ])
  })

  test('only what was asked about is judged', () => {
    expect(leaks(census([], { asked: [shop.Id] }))).toMatchObject([{ subject: 'shop' }])
  })
})

test('leaked addresses count as taken', () => {
  expect(room(census([walk(['10.10.0.2'])]))).toMatchObject([{ verdict: 'fail', subject: 'proxy' }])
  expect(room(census([walk([all])]))).toMatchObject([{ verdict: 'pass' }])
})

test('a report has the worst first, and since when an address has leaked', () => {
  const now = census([walk(['10.10.0.3-10.10.0.14'])], { asked: [proxy.Id, shop.Id] })
  const on = (day: number, free: string): AddressCensus => {
    const text = JSON.stringify(census([walk([free])], { allocator: { leader: 'node-1' } }))
    const moved = addressCensus.schema.parse(JSON.parse(text.replaceAll('2026-11-20T', `2026-11-${day}T`)))
    return { ...moved, allocator: now.allocator }
  }
  const offer = { state: 'refuse', refusal: { code: 'C', seen: 's', remedy: 'r' } } as const
  const [first, second] = reportNetworks({
    wanted,
    census: now,
    earlier: [on(18, all), on(19, '10.10.0.3-10.10.0.14')],
    offerFor: () => offer,
  })
  expect(first?.census.name).toBe('proxy')
  expect(first?.since).toMatchObject([
    { address: '10.10.0.2', knownSince: '2026-11-19T12:03:00.000Z', notYetAt: '2026-11-18T12:03:00.000Z' },
  ])
  expect(first?.projection.state).toBe('known')
  expect(second).toMatchObject({ census: { name: 'shop' }, offer })
})

test('a report counts the stacks that have gone, and tells what a change of the subnet has bought', () => {
  const stack = (ID: string): AddressReading['services'][number] => ({
    ...{ ID, CreatedAt: at(0), UpdatedAt: at(0) },
    Spec: {
      ...{ Name: ID, Labels: { 'com.docker.stack.namespace': ID }, Mode: {} },
      TaskTemplate: { Networks: [{ Target: proxy.Id }, { Target: 'before0id' }] },
    },
  })
  const taken = (day: number, of: Network, stacks: readonly string[], leader: string, free?: string): AddressCensus => {
    const readings = [0, 2, 4].map((minute) => ({ ...reading(minute, [of]), services: stacks.map(stack) }))
    const given = census(free === undefined ? [] : [{ ...walk([free]), networkId: of.Id }], {
      ...{ asked: [of.Id], readings, allocator: { leader, engineStartedAt: '2026-11-01T00:00:00.000Z' } },
    })
    const moved = JSON.stringify(given).replaceAll('2026-11-20T', `2026-11-${day}T`)
    return addressCensus.schema.parse(JSON.parse(moved))
  }
  const offerFor = () => ({ state: 'refuse', refusal: { code: 'C', seen: 's', remedy: 'r' } }) as const
  const course = [
    taken(12, proxy, ['one', 'two'], 'a', all),
    taken(13, proxy, ['two', 'three'], 'a', '10.10.0.3-10.10.0.14'),
    taken(14, proxy, ['three'], 'a', '10.10.0.4-10.10.0.14'),
  ]
  const [last] = course.slice(-1)
  if (last === undefined) throw new Error('no census')
  const [known] = reportNetworks({ wanted, census: last, earlier: course.slice(0, -1), offerFor })
  expect(known?.projection).toMatchObject({ perDay: { likely: 1 }, perRemovedStack: { most: 1, seen: 2 } })
  expect(known?.subnetChange).toMatchObject({ isMade: false, to: '/16', before: 13, after: 65_533 })

  // Created anew on a wider one, and dockerd started again: it has no rate of its own, and no stack has gone in this life.
  const wider = network('wider0id', 'proxy', '10.12.0.0/16')
  const [now] = reportNetworks({ wanted, census: taken(15, wider, [], 'b'), earlier: course, offerFor })
  expect(now?.projection.state).toBe('unknown')
  expect(now?.subnetChange).toMatchObject({
    isMade: true,
    from: '10.10.0.0/28',
    to: '10.12.0.0/16',
    before: 13,
    perDay: 1,
  })
})

test('another start of dockerd is another life of the allocator', () => {
  const one = census([])
  expect(lifeOf(one)).not.toBe(lifeOf({ ...one, allocator: { leader: 'node-1', engineStartedAt: at(9) } }))
})

describe('which overlays', () => {
  const bridge = network('bridge0id', 'docker0', '172.17.0.0/16', { Scope: 'local', Driver: 'bridge' })
  const known = [proxy, shop, bridge]
  const names = (words: readonly string[]) => chooseOverlays(words, known).map(({ Name }) => Name)

  test('all without a word; by name, id, and the beginning of an id, each once', () => {
    expect(names([])).toEqual(['proxy', 'shop'])
    expect(names(['shop', 'shop0id', 'sho', 'proxy'])).toEqual(['shop', 'proxy'])
  })

  test.each([
    ['prxy', /no network prxy; near: proxy/],
    ['docker0', /is no overlay: its driver is bridge/],
    ['\u001B[2J', /no network ‹U\+001B›\[2J/],
    ['', /no network /],
  ])('%j is told for what it is', (word, says) => {
    expect(() => names([word])).toThrow(expect.objectContaining({ exit: 'usage', seen: expect.stringMatching(says) }))
  })

  test('an id that begins like two is told with both', () => {
    const two = [network('ab1', 'one', '10.1.0.0/24'), network('ab2', 'two', '10.2.0.0/24')]
    expect(() => chooseOverlays(['ab'], two)).toThrow(expect.objectContaining({ code: 'CENSUS_TWO_NETWORKS' }))
  })
})

describe('how it ends', () => {
  const ofChecks = (given: AddressCensus): readonly RecordBody[] =>
    [
      ...leaks(given).map((one) => ({ check: noAddressIsLeaked, one })),
      ...room(given).map((one) => ({ check: overlaysHaveAddresses, one })),
    ].map(({ check: { id, title }, one }) => ({ kind: 'finding', check: id, title, evidence: [1], ...one }))
  const trouble = (exit: ExitName): RecordBody => ({
    ...{ kind: 'trouble', code: 'CODE', seen: 's', wanted: 'w', remedy: 'r', during: 'census', exit },
  })
  const why = { code: 'TOO_FULL', seen: 'only 3 addresses are free', remedy: 'Make room.' }
  const none = network('none0id', 'none', '', { Driver: '' })
  const six = network('six0id', 'six', 'fd00::/64')
  const part: Walk['laps'][number] = {
    ...{ startedAt: at(1), endedAt: at(1), kind: 'vip', creates: 4 },
    ...{ offered: ['10.10.0.2-10.10.0.5'], walked: ['10.10.0.2-10.10.0.5'] },
  }
  const alone = (one: Network) => census([], { readings: [reading(0, [one])], asked: [one.Id] })

  test.each([
    [0, 'nothing is leaked', census([walk([all])])],
    [1, 'an address is leaked', census([walk(['10.10.0.3-10.10.0.14'])])],
    [1, 'a network was never given a subnet', alone(none)],
    [2, 'nobody walked', census([])],
    [2, 'a part was walked', census([walk(['10.10.0.2-10.10.0.5'], { ended: 'window', laps: [part] })])],
    [2, 'a walk broke off', census([walk([], { ended: 'stopped', laps: [], why })])],
    [2, 'dockerd was started again meanwhile', census([walk([all], { ended: 'unsure', why })])],
    [3, 'a network could not be walked', census([walk([], { ended: 'refused', laps: [], why })])],
    [5, 'there is nothing to judge', alone(six)],
  ])('with %i where %s', (code, _, given) => {
    expect(exitCodes[exitOf(ofChecks(given))].code).toBe(code)
  })

  test.each([
    [3, 'the engine is out of reach', 'blocked'],
    [6, 'another run holds the lock', 'locked'],
    [64, 'there is no such overlay', 'usage'],
  ] as const)('with %i where %s, before anything was judged', (code, _, exit) => {
    expect(exitCodes[exitOf([trouble(exit)])].code).toBe(code)
  })

  test('with 4 where something of the walk is still there, whatever it found', () => {
    expect(exitOf([...ofChecks(census([walk(['10.10.0.3-10.10.0.14'])])), trouble('residue')])).toBe('residue')
  })

  test('a leak weighs more than a network that could not be walked', () => {
    const other = { ...walk([], { ended: 'refused', laps: [], why }), networkId: shop.Id }
    const given = census([walk(['10.10.0.3-10.10.0.14']), other], { asked: [proxy.Id, shop.Id] })
    expect(exitOf(ofChecks(given))).toBe('failed')
  })
})
