import { describe, expect, test } from 'vitest'
import { censusSchema } from '../../model/census.ts'
import { holdNext, type Room, roomAfterLap } from './hold-next.ts'
import { seeded } from './testing/seeded.ts'

const settings = censusSchema.parse({})
const room = (more: Partial<Room>): Room => ({
  ingress: false,
  free: 253,
  isExact: false,
  proven: 0,
  ports: 100,
  ...more,
})

describe('what is asked for', () => {
  test('first: as many tasks as must be free, for they go without an address quietly', () => {
    expect(holdNext(room({}), settings)).toEqual({ kind: 'tasks', count: 8 })
    expect(holdNext(room({ isExact: true }), settings)).toEqual({ kind: 'tasks', count: 8 })
    expect(holdNext(room({ free: 12 }), settings)).toEqual({ kind: 'tasks', count: 3 })
  })

  test('then: a quarter of what was proven to be free, whatever the API calls free', () => {
    expect(holdNext(room({ proven: 8 }), settings)).toEqual({ kind: 'vip', count: 2 })
    expect(holdNext(room({ proven: 40 }), settings)).toEqual({ kind: 'vip', count: 10 })
    expect(holdNext(room({ free: 65_533, proven: 900 }), settings)).toEqual({ kind: 'tasks', count: 225 })
    expect(holdNext(room({ free: 65_533, proven: 60_000 }), settings)).toEqual({ kind: 'tasks', count: 2048 })
  })

  test('the count of the engine needs no proof', () => {
    expect(holdNext(room({ free: 200, isExact: true, proven: 8 }), settings)).toEqual({ kind: 'vip', count: 50 })
  })

  test('near the floor: tasks only', () => {
    expect(holdNext(room({ free: 31, proven: 31 }), settings).kind).toBe('tasks')
    expect(holdNext(room({ free: 32, proven: 32 }), settings).kind).toBe('vip')
  })

  test('that is so, too, once a lap has shown how little the leak has left', () => {
    const leaky = room({ proven: 20 })
    expect(holdNext(leaky, settings).kind).toBe('vip')
    expect(holdNext(roomAfterLap(leaky, 20), settings)).toEqual({ kind: 'tasks', count: 5 })
    expect(roomAfterLap(room({ isExact: true }), 20).free).toBe(253)
  })

  test('on ingress: no more than there are ports', () => {
    expect(holdNext(room({ ingress: true }), settings)).toEqual({ kind: 'ingress', count: 1 })
    expect(holdNext(room({ ingress: true, proven: 200, ports: 7 }), settings)).toEqual({ kind: 'ingress', count: 7 })
  })
})

test('behind the first canary no more than the share of what is really free is ever held', () => {
  const random = seeded(3)
  for (let round = 0; round < 500; round += 1) {
    const free = 8 + random.below(2_000)
    const really = 8 + random.below(free - 7)
    const wanted = censusSchema.parse({ maxSharePercent: 1 + random.below(50), maxHeld: 1 + random.below(600) })
    let proven = 0
    for (let batch = 0; batch < 400 && proven < really; batch += 1) {
      const { kind, count } = holdNext(room({ free, proven, ingress: round % 3 === 0 }), wanted)
      expect(count).toBeGreaterThanOrEqual(1)
      expect(count).toBeLessThanOrEqual(wanted.maxHeld)
      if (proven > 0) expect(count).toBeLessThanOrEqual(Math.max(1, (really * wanted.maxSharePercent) / 100))
      if (proven === 0 && kind !== 'ingress') expect([kind, count <= wanted.minFree]).toEqual(['tasks', true])
      proven = Math.min(really, proven + count)
    }
    expect(proven).toBeGreaterThan(0)
  }
})
