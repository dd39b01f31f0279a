import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

test('no more run at once than there are slots, in order, and a failure gives its slot back', async () => {
  const slots = createSlots(2)
  const order: number[] = []
  let running = 0
  let most = 0
  const results = await Promise.allSettled(
    [0, 1, 2, 3, 4].map((at) =>
      slots.take(async () => {
        order.push(at)
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        if (at === 1) throw new Error('one fails')
        return at
      }),
    ),
  )
  expect(most).toBe(2)
  expect(order).toEqual([0, 1, 2, 3, 4])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
})
