import type { Server, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { httpAddressSchema } from '../../model/http.ts'
import { createHttp } from './client.ts'
import type { HttpClient } from './http.ts'
import { listen, raw } from './testing/listen.ts'

const many = 300

const patient = { tlsMs: 20_000, firstByteMs: 20_000, bodyMs: 20_000 }

function client(timeouts: Partial<typeof patient> = {}): HttpClient {
  const address = { concurrency: 50, maxBodyBytes: 100, timeouts: { ...patient, ...timeouts } }
  return createHttp(httpAddressSchema.parse(address))
}

/** What of ours keeps this process alive; the server's side of a connection is here, too. */
const held = () =>
  process.getActiveResourcesInfo().filter((what) => /TCPSocket|TLS|Connect|AddrInfo|Timeout/.test(what))

interface Ending {
  readonly what: string
  readonly code?: string
  readonly scheme?: 'https'
  readonly timeouts?: Partial<typeof patient>
  readonly act: (socket: Socket) => void
}

const silent = (socket: Socket) => socket.resume()
const stalled = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'

const endings: readonly Ending[] = [
  { what: 'never answers', code: 'HTTP_TIMEOUT', timeouts: { firstByteMs: 20 }, act: silent },
  { what: 'never shakes hands', code: 'TLS_TIMEOUT', timeouts: { tlsMs: 20 }, scheme: 'https', act: silent },
  { what: 'resets', code: 'HTTP_CLOSED', act: (socket) => socket.once('data', () => socket.resetAndDestroy()) },
  { what: 'talks nonsense', code: 'HTTP_MALFORMED', act: (socket) => reply(socket, 'nonsense') },
  { what: 'stalls', code: 'BODY_TIMEOUT', timeouts: { bodyMs: 20 }, act: (socket) => reply(socket, stalled) },
  { what: 'talks too much', act: (socket) => reply(socket, `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(500_000)}`) },
  { what: 'answers and waits', act: (socket) => reply(socket, `${stalled}123456789`) },
]

function reply(socket: Socket, bytes: string): void {
  socket.on('data', () => socket.write(bytes))
}

test.each(endings)(
  `a server that $what, ${many} times, leaves nothing behind`,
  async ({ scheme, code, timeouts, act }) => {
    const server = raw(act)
    const url = `${scheme ?? 'http'}://127.0.0.1:${await listen(server, onTestFinished)}/`
    const http = client(timeouts)
    const { signal } = new AbortController()
    const listeners = countListeners(signal)
    const before = held()
    const exchanges = await Promise.all(Array.from({ length: many }, () => http.ask({ url, signal })))
    for (const { error } of exchanges) expect(error?.code).toBe(code)
    await expect.poll(() => connections(server)).toBe(0)
    await expect.poll(held).toEqual(before)
    expect(listeners()).toBe(0)
  },
)

test('callers that leave at any moment leave nothing behind', async () => {
  const server = raw((socket) => reply(socket, 'HTTP/1.1 200 OK\r\n\r\nhello'))
  const port = await listen(server, onTestFinished)
  const http = client()
  const before = held()
  const asked = Array.from({ length: many }, (_, at) => {
    const caller = new AbortController()
    setTimeout(() => caller.abort(new Error('enough')), at % 25)
    return http.ask({ url: `http://localhost:${port}/`, signal: caller.signal })
  })
  const ends = await Promise.allSettled(asked)
  expect(ends.map((end) => end.status === 'rejected' && end.reason)).toEqual(
    Array.from({ length: many }, () => new Error('enough')),
  )
  await expect.poll(() => connections(server)).toBe(0)
  await expect.poll(held).toEqual(before)
})

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })
}

/** How many listeners a signal has got since, and not lost. */
function countListeners(signal: AbortSignal): () => number {
  const listeners = new Set<unknown>()
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners.add(args[1])
    addEventListener.apply(signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners.delete(args[1])
    removeEventListener.apply(signal, args)
  }
  return () => listeners.size
}
