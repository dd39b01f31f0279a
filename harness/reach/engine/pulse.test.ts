import { expect, onTestFinished, test } from 'vitest'
import type { EngineEvent } from './events.ts'
import { listenFor, type PulseOptions } from './pulse.ts'
import type { EngineReader } from './reader.ts'

/** A reader that tells what it is given to tell. */
function teller() {
  const told: EngineEvent[] = []
  let wake: () => void = () => undefined
  async function* events(): AsyncGenerator<EngineEvent> {
    for (;;) {
      for (const event of told.splice(0)) yield event
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const tell = (action: string): void => {
    told.push({ type: 'container', action, id: 'c', attributes: {}, timeNano: 1n })
    wake()
  }
  return { reader: { events: async () => events() } as unknown as EngineReader, tell }
}

function pulseOf(reader: EngineReader, options: Partial<PulseOptions>) {
  const over = new AbortController()
  onTestFinished(() => over.abort())
  return listenFor(reader, { types: ['container'], shortestMs: 1, longestMs: 10_000, signal: over.signal, ...options })
}

const never = new AbortController().signal

test('it is time to look when something has happened, and what is no reason is none', async () => {
  const { reader, tell } = teller()
  const pulse = pulseOf(reader, { shortestMs: 5_000, isReason: ({ action }) => action === 'die' })
  const looks: string[] = []
  const waiting = pulse.next(AbortSignal.timeout(60)).catch(() => looks.push('not yet'))
  tell('start')
  await waiting
  expect(looks).toEqual(['not yet'])

  const quick = pulseOf(reader, { isReason: ({ action }) => action === 'die' })
  const started = performance.now()
  await new Promise((resolve) => setTimeout(resolve, 100))
  // Half of the time since anything happened: 50 ms and more, were it not for the event.
  const next = quick.next(never)
  tell('die')
  await next
  expect(performance.now() - started).toBeLessThan(145)
})

test('the pauses grow as long as nothing happens, and not beyond the longest', async () => {
  const { reader } = teller()
  const pulse = pulseOf(reader, { shortestMs: 5, longestMs: 40 })
  const started = performance.now()
  let looks = 0
  while (performance.now() - started < 400) {
    await pulse.next(never)
    looks += 1
  }
  expect(looks).toBeGreaterThan(7)
  expect(looks).toBeLessThan(25)
})

test('where no events are to be had, the pauses say when to look', async () => {
  const reader = { events: () => Promise.reject(new Error('forbidden')) } as unknown as EngineReader
  await pulseOf(reader, { shortestMs: 1, longestMs: 5 }).next(never)
})

test('who gives up is told why, before and after', async () => {
  const { reader } = teller()
  const pulse = pulseOf(reader, { shortestMs: 1_000 })
  const stop = new AbortController()
  const waiting = pulse.next(stop.signal)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(pulse.next(stop.signal)).rejects.toThrow('enough')
})
