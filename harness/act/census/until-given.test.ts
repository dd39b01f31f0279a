import { expect, test } from 'vitest'
import { untilGiven } from './until-given.ts'

const never = new AbortController().signal

test('looks until all have an address', async () => {
  let given = 0
  expect(
    await untilGiven(
      async () => {
        given += 1
        return given
      },
      { wanted: 4 },
      never,
    ),
  ).toBe(false)
  expect(given).toBe(4)
})

test('gives up when no more come for a while', { timeout: 10_000 }, async () => {
  const started = performance.now()
  expect(await untilGiven(async () => 3, { wanted: 4 }, never)).toBe(true)
  expect(performance.now() - started).toBeGreaterThan(1_900)
})

test('a signal ends it', async () => {
  const stop = new AbortController()
  const waiting = untilGiven(async () => 0, { wanted: 1 }, stop.signal)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toBeDefined()
})
