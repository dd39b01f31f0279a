import { expect, onTestFinished, test } from 'vitest'
import { dial } from './dial.ts'
import { deadPort } from './testing/dead-port.ts'
import { listen, raw } from './testing/listen.ts'

async function reach(addresses: readonly string[], port: number): Promise<{ address: string | undefined; ms: number }> {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const started = performance.now()
  const socket = await dial(addresses, port, stop.signal)
  return { address: socket.remoteAddress, ms: performance.now() - started }
}

test('an address that keeps silent holds the next one up for a moment only', async () => {
  const port = await listen(
    raw((socket) => socket.resume()),
    onTestFinished,
  )
  await deadPort(onTestFinished, { host: '::1', port })
  const { address, ms } = await reach(['::1', '127.0.0.1'], port)
  expect(address).toBe('127.0.0.1')
  expect(ms).toBeGreaterThan(200)
  expect(ms).toBeLessThan(2000)
})

test('an address that refuses does not hold the next one up at all', async () => {
  const port = await listen(
    raw((socket) => socket.resume()),
    onTestFinished,
  )
  const { address, ms } = await reach(['::1', '127.0.0.2', '127.0.0.1'], port)
  expect(address).toBe('127.0.0.1')
  expect(ms).toBeLessThan(200)
})
