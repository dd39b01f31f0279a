import { beforeEach, describe, expect, test } from 'vitest'
import type { EngineAnswer } from '../../reach/engine/reader.ts'
import { createEngineClock } from './engine-clock.ts'

const engineMs = Date.parse('2026-11-20T12:00:00Z')

/** A world with one true time; our wall clock is off by hours, our monotonic one began somewhere. */
let trueMs = 0
let slept = 0
let wallOffMs = 0
let asked = 0
let onAsk: () => void = () => undefined
let body: (shownMs: number) => unknown = () => undefined

beforeEach(() => {
  trueMs = 1_000
  slept = 0
  wallOffMs = -7 * 3_600_000
  asked = 0
  onAsk = () => {
    trueMs += 20
  }
  body = (shownMs) => ({ SystemTime: new Date(shownMs).toISOString().replace('Z', '999999Z') })
})

const local = { monotonicMs: () => 5e8 + trueMs - slept, wallMs: () => engineMs + trueMs + wallOffMs }
const engineNow = () => engineMs + trueMs
const clock = () =>
  createEngineClock(
    {
      info: async (): Promise<EngineAnswer> => {
        asked += 1
        const shownMs = engineNow()
        onAsk()
        return { what: 'GET /v1.41/info', startedAt: '', durationMs: 0, status: 200, body: body(shownMs) }
      },
    },
    local,
  )

describe('the clock of the engine', () => {
  test('is known to within the time an answer takes, whatever our own clock shows', async () => {
    const now = await clock().now()
    expect(now.earliestMs).toBeLessThanOrEqual(engineNow())
    expect(now.latestMs).toBeGreaterThanOrEqual(engineNow())
    expect(now.latestMs - now.earliestMs).toBe(21)
  })

  test('is not asked again for what can be told from the time since', async () => {
    const one = clock()
    await one.now()
    for (let count = 0; count < 9; count += 1) {
      trueMs += 1_000
      const now = await one.now()
      expect(now.earliestMs).toBeLessThanOrEqual(engineNow())
      expect(now.latestMs).toBeGreaterThanOrEqual(engineNow())
      expect(now.latestMs - now.earliestMs).toBeLessThan(50)
    }
    expect(asked).toBe(1)
    trueMs += 2_000
    await one.now()
    expect(asked).toBe(2)
  })

  test('is asked by whoever insists', async () => {
    const one = clock()
    await one.now()
    await one.ask()
    expect(asked).toBe(2)
  })

  test('may have a zone of its own', async () => {
    body = () => ({ SystemTime: '2026-11-20T23:30:00.5+09:30' })
    expect(await clock().now()).toMatchObject({ earliestMs: Date.parse('2026-11-20T14:00:00.500Z') })
  })

  test.each([
    ['slept, with its monotonic clock', { passed: 3_600_000, asleep: 3_600_000, put: 0 }],
    ['slept, with a monotonic clock that went on', { passed: 3_600_000, asleep: 0, put: 0 }],
    ['slept for half a second', { passed: 500, asleep: 500, put: 0 }],
    ['had its clock put forward', { passed: 0, asleep: 0, put: 7 * 3_600_000 }],
    ['had its clock put back', { passed: 0, asleep: 0, put: -60_000 }],
    ['slept, and had its clock put back even further', { passed: 60_000, asleep: 60_000, put: -120_000 }],
  ])('is asked again when this machine %s', async (_title, { passed, asleep, put }) => {
    const one = clock()
    await one.now()
    trueMs += passed
    slept += asleep
    wallOffMs += put
    const now = await one.now()
    expect(asked).toBe(2)
    expect([now.earliestMs <= engineNow(), now.latestMs >= engineNow()]).toEqual([true, true])
  })

  test('is not known from an answer that was slept over', async () => {
    onAsk = () => {
      trueMs += 20
      if (asked > 1) return
      trueMs += 3_600_000
      slept += 3_600_000
    }
    const now = await clock().now()
    expect(asked).toBe(2)
    expect(now.latestMs - now.earliestMs).toBe(21)
  })

  test('is not known at all to a machine whose clock is set all the time', async () => {
    onAsk = () => {
      wallOffMs += 1_000
    }
    await expect(clock().now()).rejects.toMatchObject({ code: 'CLOCK_UNSTEADY', exit: 'unknown' })
    expect(asked).toBe(3)
  })

  test.each([[{}], [{ SystemTime: 'noon' }], ['<html>'], [null]])('cannot be read off %j', async (answer) => {
    body = () => answer
    await expect(clock().now()).rejects.toMatchObject({ code: 'CLOCK_UNREADABLE', exit: 'unknown' })
  })
})
