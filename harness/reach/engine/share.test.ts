import { expect, test } from 'vitest'
import type { AskOptions, EngineAnswer, EngineReader } from './reader.ts'
import { shareReader } from './share.ts'

interface Asked {
  readonly signal: AbortSignal | undefined
  answer(body: unknown): void
  fail(error: unknown): void
}

/** A reader whose every answer waits until it is told; what has reached the engine is in `asked`. */
function heldReader() {
  const asked: Asked[] = []
  const hold = (options?: AskOptions): Promise<EngineAnswer> =>
    new Promise((resolve, reject) => {
      options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))
      const answer = (body: unknown): void =>
        resolve({ what: 'GET', startedAt: '2026-11-20T12:00:00Z', durationMs: 1, status: 200, body })
      asked.push({ signal: options?.signal, answer, fail: reject })
    })
  const methods = ['info', 'nodes', 'services', 'tasks', 'networks', 'containers', 'configs', 'secrets'] as const
  const reader = Object.fromEntries(methods.map((method) => [method, hold]))
  const network = (_id: string, options?: AskOptions) => hold(options)
  return { reader: shareReader({ ...reader, network } as unknown as EngineReader), asked }
}

/** Lets all that is ready to go on do so. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
const bodyOf = async (answer: Promise<EngineAnswer>): Promise<unknown> => (await answer).body

test('who asks in the same moment shares an answer', async () => {
  const { reader, asked } = heldReader()
  const both = [reader.tasks(), reader.tasks({ filters: undefined as never })]
  await settled()
  expect(asked).toHaveLength(1)
  asked[0]?.answer('one')
  expect(await Promise.all(both.map(bodyOf))).toEqual(['one', 'one'])
})

test('who asks while it is being asked waits for the next answer, with all who ask meanwhile', async () => {
  const { reader, asked } = heldReader()
  const first = reader.tasks()
  await settled()
  const later = [reader.tasks(), reader.tasks(), reader.tasks()]
  await settled()
  expect(asked).toHaveLength(1)
  asked[0]?.answer('old')
  expect(await bodyOf(first)).toBe('old')
  await settled()
  expect(asked).toHaveLength(2)
  asked[1]?.answer('new')
  expect(await Promise.all(later.map(bodyOf))).toEqual(['new', 'new', 'new'])
})

test('other questions, other filters and other networks are asked for themselves', async () => {
  const { reader, asked } = heldReader()
  void [reader.tasks(), reader.tasks({ filters: { label: ['a'] } }), reader.services(), reader.network('a')]
  void reader.network('b')
  await settled()
  expect(asked).toHaveLength(5)
})

test('one who gives up leaves the others their answer', async () => {
  const { reader, asked } = heldReader()
  const stop = new AbortController()
  const given = reader.tasks({ signal: stop.signal })
  const stays = reader.tasks()
  await settled()
  stop.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  expect(asked[0]?.signal?.aborted).toBe(false)
  asked[0]?.answer('one')
  expect(await bodyOf(stays)).toBe('one')
})

test('what nobody waits for any more is broken off, and the next is asked all the same', async () => {
  const { reader, asked } = heldReader()
  const stop = new AbortController()
  const given = reader.tasks({ signal: stop.signal })
  await settled()
  const next = reader.tasks()
  stop.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  await settled()
  expect(asked[0]?.signal?.aborted).toBe(true)
  expect(asked).toHaveLength(2)
  asked[1]?.answer('one')
  expect(await bodyOf(next)).toBe('one')
})

test('one who gives up before it was asked has nothing asked', async () => {
  const { reader, asked } = heldReader()
  const stop = new AbortController()
  const first = reader.tasks()
  await settled()
  const given = reader.tasks({ signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  asked[0]?.answer('one')
  await first
  await settled()
  expect(asked).toHaveLength(1)
  await expect(reader.tasks({ signal: stop.signal })).rejects.toThrow('enough')
})

test('a failure is everybody’s who waited, and nobody’s who asks after it', async () => {
  const { reader, asked } = heldReader()
  const both = [reader.tasks(), reader.tasks()]
  await settled()
  const next = reader.tasks()
  asked[0]?.fail(new Error('cut'))
  for (const one of both) await expect(one).rejects.toThrow('cut')
  await settled()
  asked[1]?.answer('one')
  expect(await bodyOf(next)).toBe('one')
})
