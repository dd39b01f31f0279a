import { expect, test } from 'vitest'
import { PvcheckError } from '../../core/errors.ts'
import { pollUntil } from '../../core/poll.ts'
import { keepHold } from './keep-hold.ts'
import { lost, refused } from './lock-trouble.ts'

/** A lock that answers each look with the next of `answers`, and then holds. */
function holdOf(answers: readonly unknown[]) {
  const looks = { count: 0 }
  const assert = async (): Promise<void> => {
    const answer = answers[looks.count]
    looks.count += 1
    if (answer !== undefined) throw answer
  }
  return { looks, assert }
}

const untilLooked = (looks: { count: number }, wanted: number) =>
  pollUntil(async () => (looks.count >= wanted ? { done: true, value: true } : { done: false, state: '' }), {
    what: `${wanted} looks`,
    timeoutMs: 5000,
    intervalMs: 1,
  })

const silent = new PvcheckError({
  code: 'REACH_ENGINE_TIMEOUT',
  seen: 'no answer',
  wanted: 'an answer',
  remedy: 'wait',
  exit: 'unknown',
})
const noLeader = refused({ what: 'POST /configs/1', startedAt: '', durationMs: 0, status: 503, body: 'no leader' })

test('is looked after again and again, through what may pass, until it is over', async () => {
  const hold = holdOf([undefined, silent, noLeader])
  const keeper = keepHold(hold, 1)
  await untilLooked(hold.looks, 10)
  await keeper[Symbol.asyncDispose]()
  const { count } = hold.looks
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([hold.looks.count, keeper.signal.aborted]).toEqual([count, false])
})

test.each([lost('it has been removed'), new Error('a fault')])(
  'that ends with %s says so, and looks no more',
  async (end) => {
    const hold = holdOf([undefined, end])
    await using keeper = keepHold(hold, 1)
    await untilLooked(hold.looks, 2)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([hold.looks.count, keeper.signal.reason]).toEqual([2, end])
  },
)

test('does not wait for its next look to be over', async () => {
  const hold = holdOf([])
  const keeper = keepHold(hold, 3_600_000)
  await untilLooked(hold.looks, 1)
  await keeper[Symbol.asyncDispose]()
})
