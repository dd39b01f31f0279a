import type { RequestListener, ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pollUntil } from '../../core/poll.ts'
import { answering, recordingEngine } from '../testing/recording-engine.ts'
import { type EngineEvent, type EngineEvents, type EventOptions, nanosOf } from './events.ts'
import { createReader } from './read.ts'

const engine = (listener: RequestListener) => recordingEngine(listener, onTestFinished)

const time = 1_795_193_634_123_456_789n

/** As dockerd 20.10 writes it, fields of older days included. */
function line(change: { type?: string; id?: string; attributes?: Record<string, string> | null } = {}): string {
  const { type = 'service', id = 'abc', attributes = { name: 'web' } } = change
  const actor = JSON.stringify({ ID: id, Attributes: attributes })
  return `{"Type":"${type}","Action":"create","Actor":${actor},"scope":"swarm","time":1795193634,"timeNano":${time}}\n`
}

const event: EngineEvent = {
  type: 'service',
  action: 'create',
  id: 'abc',
  attributes: { name: 'web' },
  timeNano: time,
}

const never = () => new AbortController().signal

/** The events of an engine that says what `say` does; and the engine's side of it. */
async function eventsOf(say: (response: ServerResponse) => void, options: Partial<EventOptions> = {}) {
  const responses: ServerResponse[] = []
  const { link, heard } = await engine((_request, response) => {
    responses.push(response)
    response.writeHead(200).flushHeaders()
    say(response)
  })
  const events = await createReader(link).events({ signal: never(), ...options })
  const closed = () =>
    pollUntil(async () => ({ done: responses[0]?.closed === true, value: undefined, state: 'open' }), {
      what: 'the connection to be closed',
      timeoutMs: 2000,
      intervalMs: 5,
    })
  return { events, heard, closed }
}

async function read(events: EngineEvents, count: number): Promise<EngineEvent[]> {
  const seen: EngineEvent[] = []
  for await (const one of events) {
    seen.push(one)
    if (seen.length === count) break
  }
  return seen
}

describe('the stream', () => {
  test('asks for what is wanted, in the words of the Engine API', async () => {
    const { heard } = await eventsOf(() => undefined, { types: ['service', 'node'], sinceNs: 5_000_000_007n })
    expect(heard.join('').split(' HTTP/1.1')[0]).toBe(
      `GET /v1.41/events?since=5.000000007&filters=${encodeURIComponent('{"type":["service","node"]}')}`,
    )
  })

  test('has whole events, however they are cut into chunks', async () => {
    const odd = line({ id: 'ä"\\n{', attributes: { text: `"timeNano":1234567890123456789 \u{1F433}` } })
    const bytes = Buffer.from(`${line()}${odd}\r\n\n${line({ attributes: null })}`)
    const { events } = await eventsOf(async (response) => {
      for (const byte of bytes) {
        response.write(Buffer.from([byte]))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    expect(await read(events, 3)).toEqual([
      event,
      { ...event, id: 'ä"\\n{', attributes: { text: '"timeNano":1234567890123456789 \u{1F433}' } },
      { ...event, attributes: {} },
    ])
  })

  test('has all events of one chunk, in order', async () => {
    const { events } = await eventsOf((response) => {
      response.write(Array.from({ length: 500 }, (_, at) => line({ id: `n${at}` })).join(''))
    })
    const seen = await read(events, 500)
    expect(seen.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, at) => `n${at}`))
  })

  test('is closed when the loop is left', async () => {
    const { events, closed } = await eventsOf((response) => response.write(line()))
    expect(await read(events, 1)).toEqual([event])
    await closed()
  })

  test('ends with the reason of its signal, also while nothing happens', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const { events, closed } = await eventsOf((response) => response.write(line()), { signal: controller.signal })
    const reading = read(events, 2)
    setTimeout(() => controller.abort(reason), 20)
    await expect(reading).rejects.toBe(reason)
    await closed()
  })

  test('is closed by its signal, if nobody ever reads it', async () => {
    const controller = new AbortController()
    const { closed } = await eventsOf((response) => response.write(line()), { signal: controller.signal })
    controller.abort()
    await closed()
  })

  test('stands for longer than a request may take', async () => {
    const { link } = await engine((_request, response) => {
      response.writeHead(200).flushHeaders()
      setTimeout(() => response.write(line()), 300)
    })
    const events = await createReader({ ...link, timeoutMs: 100 }).events({ signal: never() })
    expect(await read(events, 1)).toEqual([event])
  })
})

describe('it throws', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['ends by itself', (response) => response.end(line())],
    ['ends within a line', (response) => response.end(line() + line().slice(0, 40))],
    ['is cut', (response) => response.write(line(), () => response.destroy())],
  ])('after the last whole event when it %s', async (_title, say) => {
    const { events } = await eventsOf(say)
    const seen: EngineEvent[] = []
    const reading = (async () => {
      for await (const one of events) seen.push(one)
    })()
    await expect(reading).rejects.toMatchObject({ code: 'REACH_ENGINE_GONE', exit: 'unknown' })
    expect(seen).toEqual([event])
  })

  test.each([
    ['is no JSON', 'hello\n'],
    ['is no event', '{"message":"x"}\n'],
    ['is of a type that was not asked for', line({ type: 'volume' })],
    ['has no time', line().replace('timeNano', 'when')],
  ])('at a line that %s', async (_title, text) => {
    const { events, closed } = await eventsOf((response) => response.write(text))
    await expect(read(events, 1)).rejects.toMatchObject({ code: 'REACH_EVENT_UNREADABLE' })
    await closed()
  })

  test.each([
    [
      'without an end',
      (response: ServerResponse) => {
        const pour = () => {
          while (response.write('x'.repeat(65_536)));
        }
        response.on('drain', pour).on('error', () => undefined)
        pour()
      },
    ],
    ['that ends late', (response: ServerResponse) => response.write(`${'x'.repeat(1024 * 1024 + 1)}\n${line()}`)],
  ])('at a line %s', async (_title, say) => {
    const { events, closed } = await eventsOf(say)
    await expect(read(events, 1)).rejects.toMatchObject({ code: 'REACH_EVENT_TOO_LARGE' })
    await closed()
  })

  test('where the engine refuses', async () => {
    const { link } = await engine(answering(403, { message: 'forbidden by a proxy' }))
    await expect(createReader(link).events({ signal: never() })).rejects.toMatchObject({
      code: 'REACH_EVENTS_REFUSED',
      seen: expect.stringContaining('forbidden by a proxy'),
    })
  })

  test('where the engine does not answer', async () => {
    const { link } = await engine(() => undefined)
    const opening = createReader({ ...link, timeoutMs: 100 }).events({ signal: never() })
    await expect(opening).rejects.toMatchObject({ code: 'REACH_ENGINE_TIMEOUT' })
  })

  test('with the reason of a signal that came first', async () => {
    const { link, heard } = await engine(answering(200, {}))
    const reason = new Error('enough')
    await expect(createReader(link).events({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(heard).toEqual([])
  })
})

test.each([
  ['1970-01-01T00:00:05.000000007Z', 5_000_000_007n],
  ['2026-11-20T17:33:54.1Z', 1_795_196_034_100_000_000n],
  ['2026-11-20T18:33:54.123456789+01:00', 1_795_196_034_123_456_789n],
  ['1970-01-01T00:00:00Z', 0n],
])('%s is read to the nanosecond', (text, ns) => {
  expect(nanosOf(text)).toBe(ns)
})

test.each(['', 'now', '2026-11-20', '2026-11-20T17:33:54'])('%j is no time', (text) => {
  expect(() => nanosOf(text)).toThrow(TypeError)
})
