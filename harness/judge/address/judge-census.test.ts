import { describe, expect, test } from 'vitest'
import { judgeCensus } from './judge-census.ts'
import { censusOf, type Holding, lapAt, networkId, readingAt, walkOf } from './testing/readings.ts'

/** A /28: .1 the gateway, .2 to .14 to hand out; .2 a VIP, .3 its task, .4 the load balancer. */
const quiet: Holding = { vips: ['10.0.0.2'], tasks: ['10.0.0.3'], balancers: { node1: '10.0.0.4' } }
const whole = ['10.0.0.2-10.0.0.14']

const readings = (holding: Holding = quiet) => [readingAt(1, holding), readingAt(3, holding), readingAt(5, holding)]
const bothLaps = (offered: readonly string[]) => [lapAt(2, offered, whole), lapAt(4, offered, whole)]

describe('a whole walk', () => {
  test('that misses nothing but what is held has no leak, after one lap', () => {
    const census = censusOf(
      [readingAt(1, quiet), readingAt(3, quiet)],
      [walkOf([lapAt(2, ['10.0.0.5-10.0.0.14'], whole)])],
    )
    expect(judgeCensus(census, networkId)).toMatchObject({
      leaked: { state: 'exact', addresses: [] },
      free: { count: 10, isExact: true },
      transient: [],
      unconfirmed: [],
    })
  })

  test('names what was missed twice and has no holder', () => {
    const census = censusOf(readings(), [walkOf(bothLaps(['10.0.0.5-10.0.0.8', '10.0.0.10-10.0.0.13']))])
    const judged = judgeCensus(census, networkId)
    expect(judged.leaked).toEqual({ state: 'exact', addresses: ['10.0.0.9', '10.0.0.14'] })
    expect(judged.free).toEqual({ count: 8, isExact: true })
    expect(judged.ledger.held + judged.free.count + 2).toBe(judged.ledger.capacity)
  })

  test('names nothing that was missed in one lap only', () => {
    const one = censusOf(
      [readingAt(1, quiet), readingAt(3, quiet)],
      [walkOf([lapAt(2, ['10.0.0.6-10.0.0.14'], whole)])],
    )
    expect(judgeCensus(one, networkId)).toMatchObject({
      leaked: { state: 'estimated', atLeast: 0, atMost: 1 },
      unconfirmed: ['10.0.0.5'],
      free: { isExact: false },
    })
    const laps = [lapAt(2, ['10.0.0.6-10.0.0.14'], whole), lapAt(4, ['10.0.0.5-10.0.0.14'], whole)]
    expect(judgeCensus(censusOf(readings(), [walkOf(laps)]), networkId)).toMatchObject({
      leaked: { state: 'exact', addresses: [] },
      transient: ['10.0.0.5'],
      unconfirmed: [],
    })
  })

  test.each([0, 1, 2])('an address that reading %d has a holder for is transient', (place) => {
    const busy = { ...quiet, tasks: ['10.0.0.3', '10.0.0.9'] }
    const seen = [1, 3, 5].map((second, index) => readingAt(second, index === place ? busy : quiet))
    const census = censusOf(seen, [walkOf(bothLaps(['10.0.0.5-10.0.0.8', '10.0.0.10-10.0.0.14']))])
    expect(judgeCensus(census, networkId)).toMatchObject({
      leaked: { state: 'exact', addresses: [] },
      transient: ['10.0.0.9'],
    })
  })

  test('who held it long before, while another network was walked, does not count', () => {
    const old = readingAt(0, { ...quiet, tasks: ['10.0.0.3', '10.0.0.9'] })
    const census = censusOf([old, ...readings()], [walkOf(bothLaps(['10.0.0.5-10.0.0.8', '10.0.0.10-10.0.0.14']))])
    expect(judgeCensus(census, networkId).leaked).toEqual({ state: 'exact', addresses: ['10.0.0.9'] })
  })

  test.each([
    ['before', [readingAt(3, quiet), readingAt(5, quiet)]],
    ['between', [readingAt(1, quiet), readingAt(5, quiet)]],
    ['after', [readingAt(1, quiet), readingAt(3, quiet)]],
  ])('without a reading %s, nothing is confirmed', (_, seen) => {
    const census = censusOf(seen, [walkOf(bothLaps(['10.0.0.5-10.0.0.8', '10.0.0.10-10.0.0.14']))])
    expect(judgeCensus(census, networkId)).toMatchObject({
      leaked: { state: 'estimated', atLeast: 0, atMost: 1 },
      unconfirmed: ['10.0.0.9'],
    })
  })

  test('an address that two share is in use once', () => {
    const shared: Holding = { ...quiet, vips: ['10.0.0.2', '10.0.0.2'], tasks: ['10.0.0.3', '10.0.0.2'] }
    const census = censusOf(readings(shared), [walkOf(bothLaps(['10.0.0.5-10.0.0.13']))])
    const judged = judgeCensus(census, networkId)
    expect(judged.leaked).toEqual({ state: 'exact', addresses: ['10.0.0.14'] })
    expect(judged.free.count).toBe(9)
  })

  test('an address that is held and was handed out all the same is no leak', () => {
    const census = censusOf(readings(), [walkOf(bothLaps(['10.0.0.2', '10.0.0.5-10.0.0.14']))])
    expect(judgeCensus(census, networkId)).toMatchObject({ leaked: { state: 'exact', addresses: [] }, transient: [] })
  })
})

describe('load balancers of nodes that cannot be asked', () => {
  const two: Holding = {
    ...quiet,
    nodes: ['node1', 'node2'],
    tasks: ['10.0.0.3', { address: '10.0.0.5', node: 'node2' }],
  }
  const offered = ['10.0.0.6-10.0.0.8', '10.0.0.11-10.0.0.14']

  test('the number is exact, the addresses are candidates', () => {
    const judged = judgeCensus(censusOf(readings(two), [walkOf(bothLaps(offered))]), networkId)
    expect(judged.leaked).toEqual({ state: 'counted', count: 1, candidates: ['10.0.0.9', '10.0.0.10'] })
    expect(judged.free).toEqual({ count: 7, isExact: true })
  })

  test('where the node is asked, each has its name again', () => {
    const asked = { ...two, balancers: { node1: '10.0.0.4', node2: '10.0.0.9' } }
    const judged = judgeCensus(censusOf(readings(asked), [walkOf(bothLaps(offered))]), networkId)
    expect(judged.leaked).toEqual({ state: 'exact', addresses: ['10.0.0.10'] })
  })

  test('one that was there only for a while may explain an address, or not', () => {
    const gone = { ...two, tasks: ['10.0.0.3'] }
    const seen = [readingAt(1, two), readingAt(3, two), readingAt(5, gone)]
    const judged = judgeCensus(censusOf(seen, [walkOf(bothLaps(offered))]), networkId)
    expect(judged.leaked).toEqual({ state: 'estimated', atLeast: 1, atMost: 2 })
  })

  test('lists that never agreed may hide one', () => {
    const hidden = { ...two, tasks: ['10.0.0.3', '10.0.0.5'], moved: true }
    const judged = judgeCensus(censusOf(readings(hidden), [walkOf(bothLaps(offered))]), networkId)
    expect(judged.leaked).toEqual({ state: 'estimated', atLeast: 1, atMost: 2 })
  })

  test('nothing missed is nothing leaked, whatever they have', () => {
    const judged = judgeCensus(censusOf(readings(two), [walkOf(bothLaps(['10.0.0.6-10.0.0.14']))]), networkId)
    expect(judged.leaked).toEqual({ state: 'exact', addresses: [] })
  })
})

describe('a walk that did not end', () => {
  const why = { code: 'LEADER_CHANGED', seen: 'dockerd was restarted at 08:00:03', remedy: 'Walk again.' }
  test.each(['refused', 'stopped', 'unsure'] as const)('%s: unknown, with the reason', (ended) => {
    const laps = ended === 'refused' ? [] : bothLaps(['10.0.0.5-10.0.0.13'])
    const judged = judgeCensus(censusOf(readings(), [walkOf(laps, { ended, why })]), networkId)
    expect(judged.leaked).toEqual({ state: 'unknown', why: why.seen })
    expect(judged.refusal).toEqual(why)
    expect(judged.free).toEqual({ count: 10, isExact: false })
  })

  test('what the engine counts holds all the same', () => {
    const counted = { ...quiet, counts: { inUse: 8, free: 8 } }
    const judged = judgeCensus(censusOf(readings(counted), [walkOf([], { ended: 'refused', why })]), networkId)
    expect(judged).toMatchObject({ leaked: { state: 'estimated', atLeast: 2, atMost: 2 }, refusal: why })
  })

  test('a network that was removed meanwhile is told of as it was', () => {
    const without = { ...readingAt(5, quiet), networks: [] }
    const census = censusOf(
      [readingAt(1, quiet), readingAt(3, quiet), without],
      [walkOf(bothLaps(['10.0.0.5-10.0.0.13']))],
    )
    expect(judgeCensus(census, networkId)).toMatchObject({
      name: 'proxy',
      leaked: { state: 'unknown', why: 'proxy was removed while it was walked' },
      refusal: { code: 'NETWORK_GONE' },
    })
  })
})

describe('a window', () => {
  const lap = lapAt(2, ['10.0.0.5-10.0.0.6', '10.0.0.8-10.0.0.9'], ['10.0.0.5-10.0.0.9'])
  test('tells of its own part, and bounds the rest', () => {
    const census = censusOf([readingAt(1, quiet), readingAt(3, quiet)], [walkOf([lap], { ended: 'window' })])
    expect(judgeCensus(census, networkId)).toMatchObject({
      leaked: { state: 'estimated', atLeast: 0, atMost: 6 },
      unconfirmed: ['10.0.0.7'],
      free: { isExact: false },
    })
  })

  test('the count of the engine goes before it', () => {
    const counted = { ...quiet, counts: { inUse: 7, free: 9 } }
    const census = censusOf([readingAt(1, counted), readingAt(3, counted)], [walkOf([lap], { ended: 'window' })])
    expect(judgeCensus(census, networkId)).toMatchObject({
      leaked: { state: 'estimated', atLeast: 1, atMost: 1 },
      free: { count: 9, isExact: true },
    })
  })
})

describe('without a walk', () => {
  const read = (holding: Holding) => judgeCensus(censusOf([readingAt(1, holding)], []), networkId)

  test('the engine tells how many where it counts, else nobody does', () => {
    expect(read({ ...quiet, counts: { inUse: 8, free: 8 } })).toMatchObject({
      leaked: { state: 'estimated', atLeast: 2, atMost: 2 },
      free: { count: 8, isExact: true },
    })
    expect(read(quiet)).toMatchObject({ leaked: { state: 'unknown' }, free: { count: 10, isExact: false } })
  })

  test('as was recorded of an ingress with one node, no service and 11 leaked addresses', () => {
    const recorded: Holding = {
      subnets: ['10.0.0.0/24'],
      ingress: true,
      balancers: { node1: '10.0.0.2' },
      counts: { inUse: 15, free: 241 },
    }
    expect(read(recorded).leaked).toEqual({ state: 'estimated', atLeast: 11, atMost: 11 })
  })

  test('a node that cannot be asked leaves a range, and moving lists leave nothing', () => {
    const other = { ...quiet, nodes: ['node1', 'node2'], tasks: ['10.0.0.3', { address: '10.0.0.5', node: 'node2' }] }
    expect(read({ ...other, counts: { inUse: 9, free: 7 } }).leaked).toEqual({
      state: 'estimated',
      atLeast: 1,
      atMost: 2,
    })
    expect(read({ ...quiet, counts: { inUse: 8, free: 8 }, moved: true }).leaked.state).toBe('unknown')
  })

  test('more holders than the engine counts: somebody holds what the allocator has given up', () => {
    expect(read({ ...quiet, counts: { inUse: 5, free: 11 } }).leaked).toMatchObject({
      state: 'unknown',
      why: expect.stringContaining('1 fewer in use'),
    })
  })

  test('a network that no reading lists is refused', () => {
    expect(() => judgeCensus(censusOf([readingAt(1, quiet)], []), 'other')).toThrow(
      expect.objectContaining({ code: 'NETWORK_NOT_READ' }),
    )
  })
})

test('walk and engine that disagree are told of', () => {
  const judge = (inUse: number) => {
    const counted = { ...quiet, counts: { inUse, free: 16 - inUse } }
    return judgeCensus(censusOf(readings(counted), [walkOf(bothLaps(['10.0.0.5-10.0.0.13']))]), networkId)
  }
  expect(judge(7).disagreement).toBeUndefined()
  expect(judge(9).disagreement).toBe("the walk found 1 leaked, and the engine's own count leaves room for 3")
})
