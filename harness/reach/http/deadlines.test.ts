import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { httpAddressSchema } from '../../model/http.ts'
import { createHttp } from './client.ts'
import { deadPort } from './testing/dead-port.ts'
import { listen, raw } from './testing/listen.ts'

const deadlineMs = 150
/** All deadlines far away but one. */
const only = (phase: 'dnsMs' | 'connectMs' | 'tlsMs' | 'firstByteMs' | 'bodyMs') =>
  createHttp(
    httpAddressSchema.parse({
      timeouts: { dnsMs: 9e5, connectMs: 9e5, tlsMs: 9e5, firstByteMs: 9e5, bodyMs: 9e5, [phase]: deadlineMs },
    }),
  )

/** Opens a port on loopback that does to each connection what `act` says. */
const door = (act: (socket: Socket) => void) => listen(raw(act), onTestFinished)

const silence = () => door((socket) => socket.resume())

test('a port that nobody opens is TCP_TIMEOUT', async () => {
  const port = await deadPort(onTestFinished)
  const { durationMs, error } = await only('connectMs').knock({ host: '127.0.0.1', port })
  expect(error).toEqual({
    phase: 'connect',
    code: 'TCP_TIMEOUT',
    message: `no connection to 127.0.0.1:${port} within ${deadlineMs} ms`,
  })
  expect(durationMs).toBeGreaterThanOrEqual(deadlineMs - 2)
})

test('a resolver that does not answer is DNS_TIMEOUT', async () => {
  // Every thread that could ask the resolver waits for somebody to write into this pipe.
  const dir = mkdtempSync(join(tmpdir(), 'pvcheck-pipe-'))
  const pipe = join(dir, 'pipe')
  execFileSync('mkfifo', [pipe])
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
  const busy = Array.from({ length: threads }, () => open(pipe, 'r'))
  const exchange = await only('dnsMs').ask({ url: 'http://localhost:1/' })
  closeSync(openSync(pipe, 'w'))
  for (const file of await Promise.all(busy)) await file.close()
  rmSync(dir, { recursive: true })
  expect(exchange).toMatchObject({ timings: {}, error: { phase: 'dns', code: 'DNS_TIMEOUT' } })
  expect(exchange.error?.message).toContain(`localhost is within ${deadlineMs} ms`)
})

test.each([
  { what: 'a greeting that nobody answers', phase: 'tlsMs', scheme: 'https', act: silence, code: 'TLS_TIMEOUT' },
  { what: 'a request that nobody answers', phase: 'firstByteMs', scheme: 'http', act: silence, code: 'HTTP_TIMEOUT' },
  {
    what: 'an answer that drips on for ever',
    phase: 'firstByteMs',
    scheme: 'http',
    act: () => door((socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'x: y\r\n')),
    code: 'HTTP_TIMEOUT',
  },
  {
    what: 'a body that stalls',
    phase: 'bodyMs',
    scheme: 'http',
    act: () =>
      door((socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello'))),
    code: 'BODY_TIMEOUT',
  },
  {
    what: 'a body that drips on for ever',
    phase: 'bodyMs',
    scheme: 'http',
    act: () => door((socket) => drip(socket, 'HTTP/1.1 200 OK\r\n\r\nhello', '.')),
    code: 'BODY_TIMEOUT',
  },
] as const)('$what is $code', async ({ phase, scheme, act, code }) => {
  const exchange = await only(phase).ask({ url: `${scheme}://127.0.0.1:${await act()}/` })
  expect(exchange).toMatchObject({ error: { code, message: expect.stringContaining(`within ${deadlineMs} ms`) } })
  expect(exchange.durationMs).toBeGreaterThanOrEqual(deadlineMs - 2)
  expect(exchange.durationMs).toBeLessThan(deadlineMs * 20)
  if (code === 'BODY_TIMEOUT') expect(exchange).toMatchObject({ status: 200, body: expect.stringMatching(/^hello/) })
})

function drip(socket: Socket, first: string, more: string): void {
  socket.once('data', () => {
    socket.write(first)
    const timer = setInterval(() => socket.write(more), 10)
    socket.once('close', () => clearInterval(timer))
  })
}

test('the caller ends a request with a reason of its own, in every phase', async () => {
  const quiet = await silence()
  const stalling = await door((socket) => drip(socket, 'HTTP/1.1 200 OK\r\n\r\n', '.'))
  for (const url of [`http://127.0.0.1:${quiet}/`, `https://127.0.0.1:${quiet}/`, `http://127.0.0.1:${stalling}/`]) {
    const caller = new AbortController()
    const asked = createHttp(httpAddressSchema.parse({})).ask({ url, signal: caller.signal })
    setTimeout(() => caller.abort(new Error('enough')), 50)
    await expect(asked).rejects.toThrow('enough')
  }
})

test('a request that waits for its turn goes with its caller, and never starts', async () => {
  let connections = 0
  const port = await door(() => (connections += 1))
  const http = createHttp(httpAddressSchema.parse({ concurrency: 1, timeouts: { firstByteMs: 300 } }))
  const first = http.ask({ url: `http://127.0.0.1:${port}/` })
  const caller = new AbortController()
  const second = http.ask({ url: `http://127.0.0.1:${port}/`, signal: caller.signal })
  caller.abort(new Error('enough'))
  await expect(second).rejects.toThrow('enough')
  expect(await first).toMatchObject({ error: { code: 'HTTP_TIMEOUT' } })
  expect(connections).toBe(1)
  await expect(http.ask({ url: 'http://127.0.0.1:1/', signal: caller.signal })).rejects.toThrow('enough')
})

test('no more than `concurrency` are under way, and waiting counts for nobody', async () => {
  let open = 0
  let most = 0
  const server = createServer((_, response) => {
    most = Math.max(most, ++open)
    setTimeout(() => {
      open -= 1
      response.end()
    }, deadlineMs)
  })
  const port = await listen(server, onTestFinished)
  const http = createHttp(httpAddressSchema.parse({ concurrency: 3 }))
  const exchanges = await Promise.all(Array.from({ length: 9 }, () => http.ask({ url: `http://127.0.0.1:${port}/` })))
  expect(most).toBe(3)
  for (const { durationMs } of exchanges) expect(durationMs).toBeLessThan(deadlineMs * 2.5)
})
