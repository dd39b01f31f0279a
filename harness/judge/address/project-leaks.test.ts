import { describe, expect, test } from 'vitest'
import { beforeAndAfter, lastLife, projectLeaks } from './project-leaks.ts'
import type { LeakPoint } from './projection.ts'
import { seeded } from './testing/seeded.ts'

const moment = (days: number): number => Date.UTC(2026, 10, 1) + days * 86_400_000
const point = (days: number, leaked: number, more: Partial<LeakPoint> = {}): LeakPoint => ({
  at: new Date(moment(days)).toISOString(),
  leaked,
  free: 253 - leaked,
  allocator: 'life 1',
  ...more,
})

describe('a rate', () => {
  test('that is steady has no range, and an end', () => {
    const points = [point(0, 3), point(1, 13), point(2, 23), point(3, 33)]
    const projection = projectLeaks(points, moment(3))
    expect(projection).toMatchObject({ state: 'known', perDay: { likely: 10, least: 10, most: 10 } })
    if (projection.state !== 'known') throw new Error(projection.why)
    expect(projection.daysLeft?.likely).toBeCloseTo(22)
    expect(projection.basis).toContain('4 censuses over 3 days')
    expect(projectLeaks(points, moment(5))).toMatchObject({ daysLeft: { likely: 20, least: 20, most: 20 } })
  })

  test('that is not steady has a range that holds the likely one', () => {
    const projection = projectLeaks([point(0, 0), point(1, 4), point(2, 20), point(3, 24)], moment(3))
    if (projection.state !== 'known') throw new Error(projection.why)
    const { perDay, daysLeft } = projection
    expect(perDay.least).toBeLessThan(perDay.likely)
    expect(perDay.most).toBeGreaterThan(perDay.likely)
    expect(daysLeft?.least).toBeLessThan(daysLeft?.likely ?? 0)
    expect(daysLeft?.most).toBeGreaterThan(daysLeft?.likely ?? Number.POSITIVE_INFINITY)
  })

  test('of nothing has no end', () => {
    const projection = projectLeaks([point(0, 6), point(1, 6), point(2, 6)], moment(2))
    expect(projection).toMatchObject({ state: 'known', perDay: { likely: 0, most: 0 } })
    expect(projection).not.toHaveProperty('daysLeft')
  })

  test('one odd census hardly moves it', () => {
    const steady = Array.from({ length: 11 }, (_, days) => point(days, days * 5))
    const odd = steady.map((one, index) => (index === 10 ? point(10, 120) : one))
    const projection = projectLeaks(odd, moment(10))
    if (projection.state !== 'known') throw new Error(projection.why)
    expect(projection.perDay.likely).toBeCloseTo(5)
  })

  test('that is drawn from a seed lies in its range nearly always', () => {
    const random = seeded(5)
    let inside = 0
    for (let round = 0; round < 200; round += 1) {
      let leaked = 0
      const points = Array.from({ length: 15 }, (_, days) => {
        leaked += days === 0 ? 0 : random.below(9)
        return point(days, leaked)
      })
      const projection = projectLeaks(points, moment(14))
      if (projection.state !== 'known') throw new Error(projection.why)
      const { least, likely, most } = projection.perDay
      expect(least).toBeLessThanOrEqual(likely)
      expect(most).toBeGreaterThanOrEqual(likely)
      if (Math.abs(likely - 4) < 1.5) inside += 1
    }
    expect(inside).toBeGreaterThan(180)
  })

  test('is told for each stack that was seen to go, where all steps were counted', () => {
    const points = [point(0, 2), point(1, 8, { removedStacks: 12 }), point(2, 14, { removedStacks: 12 })]
    expect(projectLeaks(points, moment(2))).toMatchObject({ perRemovedStack: { most: 0.5, seen: 24 } })
    const [first, second] = points
    if (first === undefined || second === undefined) throw new Error('no points')
    expect(projectLeaks([first, second, point(2, 14)], moment(2))).not.toHaveProperty('perRemovedStack')
    const none = points.map((one) => ({ ...one, removedStacks: 0 }))
    expect(projectLeaks(none, moment(2))).not.toHaveProperty('perRemovedStack')
  })
})

describe('no number', () => {
  test.each([
    ['from no census', []],
    ['from two', [point(0, 0), point(2, 10)]],
    ['within less than 24 hours', [point(0, 0), point(0.5, 5), point(0.99, 9)]],
    [
      'from two lives that have three only together',
      [point(0, 0), point(1, 9, { allocator: 'life 2' }), point(2, 12, { allocator: 'life 2' })],
    ],
    ['where the number fell, for then the allocator began anew', [point(0, 0), point(1, 10), point(2, 2), point(3, 4)]],
  ])('%s', (_, points) => {
    const projection = projectLeaks(points, moment(4))
    expect(projection.state).toBe('unknown')
  })

  test('from what lies in the future', () => {
    expect(projectLeaks([point(0, 0), point(1, 1), point(2, 2)], moment(1)).state).toBe('unknown')
  })
})

test('only the last life counts, in whatever order the bundles come', () => {
  const now = { allocator: 'life 2' }
  const points = [point(5, 4, now), point(0, 100), point(3, 0, now), point(1, 150), point(4, 2, now)]
  expect(lastLife(points).map(({ leaked }) => leaked)).toEqual([0, 2, 4])
  expect(projectLeaks(points, moment(5))).toMatchObject({ perDay: { likely: 2 } })
})

test('a wider subnet buys time, and the leak goes on', () => {
  const bought = beforeAndAfter(10, 253, 65_533)
  expect(bought.before).toBeCloseTo(25.3)
  expect(bought.after).toBeCloseTo(6_553.3)
  expect(beforeAndAfter(0, 253, 65_533)).toEqual({})
})
