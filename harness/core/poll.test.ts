import { expect, test } from 'vitest'
import { pollUntil } from './poll.ts'

test('the value of the first attempt that is done is the result', async () => {
  let asked = 0
  const value = await pollUntil(
    async () => (++asked === 3 ? { done: true, value: asked } : { done: false, state: 'no' }),
    {
      what: 'the third attempt',
      timeoutMs: 1000,
      intervalMs: 1,
    },
  )
  expect(value).toBe(3)
})

test('the deadline reports what was waited for and the last state', async () => {
  const waiting = pollUntil(async () => ({ done: false, state: '2 of 3 tasks running' }), {
    what: 'three running tasks',
    timeoutMs: 20,
    intervalMs: 1,
  })
  await expect(waiting).rejects.toMatchObject({
    code: 'WAIT_TIMED_OUT',
    seen: 'waited 20 ms for three running tasks; last state: 2 of 3 tasks running',
  })
})

test('an attempt that throws is "not yet", and its message the last state', async () => {
  const waiting = pollUntil(() => Promise.reject(new Error('connection refused')), {
    what: 'sshd',
    timeoutMs: 20,
    intervalMs: 1,
  })
  await expect(waiting).rejects.toMatchObject({
    seen: expect.stringContaining('last state: connection refused'),
    cause: { message: 'connection refused' },
  })
})

test('an attempt that the deadline cuts short does not hide the last state', async () => {
  let asked = 0
  const waiting = pollUntil(
    async (signal) => {
      if (++asked === 1) return { done: false, state: '2 of 3 tasks running' }
      return new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
    { what: 'three running tasks', timeoutMs: 20, intervalMs: 1 },
  )
  await expect(waiting).rejects.toMatchObject({
    seen: 'waited 20 ms for three running tasks; last state: 2 of 3 tasks running',
  })
})

test('an abort ends the wait at once with its own reason', async () => {
  const controller = new AbortController()
  const waiting = pollUntil(async () => ({ done: false, state: 'no' }), {
    what: 'for ever',
    timeoutMs: 60_000,
    signal: controller.signal,
  })
  controller.abort(new Error('stop'))
  await expect(waiting).rejects.toThrow('stop')
})
