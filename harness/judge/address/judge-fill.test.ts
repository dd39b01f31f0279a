import { describe, expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import { judgeFill, usedBounds } from './judge-fill.ts'
import { judgeReading } from './judge-reading.ts'
import type { NetworkCensus } from './network-census.ts'
import { type Holding, networkId, readingAt } from './testing/readings.ts'

const wanted = expectationsSchema.parse({})

/** A /24 with so many VIPs, judged by a reading alone. */
function read(vips: number, more: Holding = {}): NetworkCensus {
  const held = Array.from({ length: vips }, (_, index) => `10.0.0.${index + 2}`)
  return judgeReading(readingAt(1, { subnets: ['10.0.0.0/24'], vips: held, asked: ['node1'], ...more }), networkId)
}

/** The same once it was walked, with so many leaked. */
function walked(vips: number, leaked: number): NetworkCensus {
  const census = read(vips)
  const addresses = Array.from({ length: leaked }, (_, index) => `10.0.0.${254 - index}`)
  return {
    ...census,
    leaked: { state: 'exact', addresses },
    free: { count: census.ledger.free - leaked, isExact: true },
  }
}

describe('what is known exactly', () => {
  test.each([
    [10, 0, 'pass'],
    [100, 89, 'pass'],
    [100, 90, 'unknown'],
    [100, 127, 'unknown'],
    [100, 128, 'fail'],
    [200, 53, 'fail'],
  ])('%d held and %d leaked of 253: %s', (held, leaked, verdict) => {
    expect(judgeFill(walked(held, leaked), wanted).verdict).toBe(verdict)
  })

  test('is said in figures, and what has leaked can be had back', () => {
    expect(judgeFill(walked(10, 240), wanted)).toMatchObject({
      subject: 'proxy',
      expected: 'below 75 % in use',
      actual:
        '250 of 253 addresses in use (99 %): 10 VIPs, 0 tasks, 0 attached containers, 0 load balancers, 240 leaked; 3 free',
      remedy: expect.stringContaining('240 addresses leaked and come back when dockerd is restarted'),
    })
  })

  test('the count of the engine is as good as a walk', () => {
    expect(judgeFill(read(10, { counts: { inUse: 250, free: 6 } }), wanted).verdict).toBe('fail')
    expect(judgeFill(read(10, { counts: { inUse: 20, free: 236 } }), wanted).verdict).toBe('pass')
  })
})

describe('what is not known exactly', () => {
  test('may have leaked: with few held it is open', () => {
    expect(judgeFill(read(10), wanted)).toMatchObject({
      verdict: 'unknown',
      actual: expect.stringContaining('at least 10 of 253 addresses in use'),
      reason: expect.stringContaining('only a walk tells'),
      remedy: expect.stringContaining('--walk'),
    })
  })

  test('is enough for a failure where what is held is too much by itself', () => {
    expect(judgeFill(read(230), wanted).verdict).toBe('fail')
    expect(judgeFill(read(200), wanted).verdict).toBe('unknown')
  })

  test('is enough for a pass where the most that can have leaked is little', () => {
    const census: NetworkCensus = { ...read(10), leaked: { state: 'estimated', atLeast: 2, atMost: 40 } }
    expect(usedBounds(census)).toEqual({ least: 12, most: 50 })
    expect(judgeFill(census, wanted).verdict).toBe('pass')
  })
})

test('a subnet that hands nothing out is full, and a network without one is nothing of the kind', () => {
  expect(judgeFill(judgeReading(readingAt(1, { subnets: ['10.0.0.0/32'] }), networkId), wanted).verdict).toBe('fail')
  expect(judgeFill(judgeReading(readingAt(1, { subnets: ['fd00::/64'] }), networkId), wanted).verdict).toBe('n/a')
})

test('the shares are those of the configuration', () => {
  const strict = expectationsSchema.parse({ addresses: { warnPercent: 2, failPercent: 3 } })
  expect(judgeFill(walked(10, 0), strict).verdict).toBe('fail')
})
