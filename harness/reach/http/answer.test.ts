import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { httpAddressSchema } from '../../model/http.ts'
import { createHttp } from './client.ts'
import { listen, raw } from './testing/listen.ts'

const maxBodyBytes = 1000
const http = createHttp(httpAddressSchema.parse({ maxBodyBytes }))

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(handle), onTestFinished)}`
}

/** Answers any request with these bytes, and closes. */
async function blurt(bytes: string | Buffer): Promise<string> {
  const server = raw((socket) => socket.once('data', () => socket.end(bytes)))
  return `http://127.0.0.1:${await listen(server, onTestFinished)}`
}

test('an answer is noted with its timings, headers in lower case and cookies joined', async () => {
  const url = await serve((_, response) => {
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.setHeader('X-Served-By', 'one')
    response.writeHead(203).end('hello')
  })
  const exchange = await http.ask({ url: `${url}/path?query#part` })
  expect(exchange).toMatchObject({
    method: 'GET',
    url: `${url}/path?query#part`,
    status: 203,
    headers: { 'set-cookie': 'a=1, b=2', 'x-served-by': 'one' },
    body: 'hello',
    truncated: false,
    peer: url.slice('http://'.length),
    resolved: { by: 'literal', addresses: ['127.0.0.1'] },
  })
  expect(exchange.error).toBeUndefined()
  expect(exchange.tls).toBeUndefined()
  const { dnsMs, connectMs = -1, tlsMs, firstByteMs = -1, bodyMs = -1 } = exchange.timings
  expect([dnsMs, tlsMs]).toEqual([undefined, undefined])
  for (const ms of [connectMs, firstByteMs, bodyMs]) expect(ms).toBeGreaterThanOrEqual(0)
  expect(connectMs + firstByteMs + bodyMs).toBeLessThanOrEqual(exchange.durationMs + 0.2)
})

test('a request says who asks, wants nothing compressed and keeps no connection', async () => {
  let seen: IncomingMessage | undefined
  const url = await serve((request, response) => {
    seen = request
    response.end()
  })
  await http.ask({ url: `${url}/a?b#c`, headers: { 'X-Own': 'yes' } })
  expect(seen?.url).toBe('/a?b')
  expect(seen?.headers).toEqual({
    host: url.slice('http://'.length),
    connection: 'close',
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'pvcheck',
    'x-own': 'yes',
  })
  await http.ask({ url, headers: { Accept: 'application/json' } })
  expect(seen?.headers.accept).toBe('application/json')
})

test('each request has a connection of its own', async () => {
  const ports = new Set<number | undefined>()
  const url = await serve((request, response) => {
    ports.add(request.socket.remotePort)
    response.end()
  })
  for (let asked = 0; asked < 3; asked += 1) await http.ask({ url })
  expect(ports.size).toBe(3)
})

test('HEAD has headers and no body', async () => {
  const url = await serve((request, response) => {
    response.setHeader('content-length', '5').setHeader('content-encoding', 'gzip')
    response.end(request.method === 'HEAD' ? undefined : 'hello')
  })
  const exchange = await http.ask({ url, method: 'HEAD' })
  expect(exchange).toMatchObject({ method: 'HEAD', status: 200, headers: { 'content-length': '5' } })
  expect(exchange.body).toBeUndefined()
  expect(exchange.error).toBeUndefined()
})

test('redirects are not followed', async () => {
  const url = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end())
  expect(await http.ask({ url })).toMatchObject({ status: 302, headers: { location: '/elsewhere' } })
})

test('a chunked body is put together', async () => {
  const url = await blurt('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n')
  expect(await http.ask({ url })).toMatchObject({ status: 200, body: 'hello', truncated: false })
})

test('a body without a length ends with the connection', async () => {
  expect(await http.ask({ url: await blurt('HTTP/1.0 200 OK\r\n\r\nhello') })).toMatchObject({ body: 'hello' })
})

test.each([
  [maxBodyBytes, false],
  [maxBodyBytes + 1, true],
])('of %i bytes, no more than the bound is kept', async (bytes, truncated) => {
  const url = await serve((_, response) => response.end('x'.repeat(bytes)))
  const exchange = await http.ask({ url })
  expect(exchange).toMatchObject({ status: 200, truncated })
  expect(exchange.body).toHaveLength(maxBodyBytes)
  expect(exchange.error).toBeUndefined()
})

test('an endless body is let go, and its connection closed', async () => {
  let endless: ServerResponse | undefined
  const url = await serve((_, response) => {
    endless = response
    const more = () => {
      while (response.write('x'.repeat(10_000)));
    }
    response.on('drain', more)
    more()
  })
  expect(await http.ask({ url })).toMatchObject({ status: 200, truncated: true })
  await expect.poll(() => endless?.closed).toBe(true)
})

test('a server that resets in the midst of more than we read ends nothing but its answer', async () => {
  const large = createHttp(httpAddressSchema.parse({ maxBodyBytes: 50_000_000 }))
  for (const reads of [http, large]) {
    for (let round = 0; round < 20; round += 1) {
      const server = raw((socket) => {
        socket.once('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${'x'.repeat(300_000)}`)
          setTimeout(() => socket.resetAndDestroy(), round)
        })
      })
      const url = `http://127.0.0.1:${await listen(server, onTestFinished)}`
      expect(await reads.ask({ url })).toMatchObject({ status: 200 })
    }
  }
})

test('a character that the bound cuts in two is left out', async () => {
  const url = await serve((_, response) => response.end(`x${'ü'.repeat(maxBodyBytes)}`))
  expect((await http.ask({ url })).body).toBe(`x${'ü'.repeat(maxBodyBytes / 2 - 1)}`)
})

test.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('a server that compresses with %s against our wish is understood', async (encoding, compress) => {
  const url = await serve((_, response) => response.setHeader('content-encoding', encoding).end(compress('hello')))
  expect(await http.ask({ url })).toMatchObject({ body: 'hello', truncated: false })
})

const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

test.each([
  ['gzip', gzipSync],
  ['br', (bytes: Buffer) => brotliCompressSync(bytes, quick)],
] as const)('a bomb of %s is put out within the bound', async (encoding, compress) => {
  const bomb = compress(Buffer.alloc(200_000_000))
  const url = await serve((_, response) => response.setHeader('content-encoding', encoding).end(bomb))
  const before = process.memoryUsage().rss
  const exchange = await http.ask({ url })
  expect(exchange).toMatchObject({ status: 200, truncated: true })
  expect(exchange.body).toHaveLength(maxBodyBytes)
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
})

test.each([
  ['gzip', 'no gzip at all'],
  ['br', 'no brotli at all'],
  ['gzip', gzipSync('hello').subarray(0, 15)],
  ['zstd', 'whatever'],
  ['gzip, gzip', 'whatever'],
])('a body that is said to be %s and cannot be read is HTTP_MALFORMED', async (encoding, body) => {
  const url = await serve((_, response) => response.setHeader('content-encoding', encoding).end(body))
  expect(await http.ask({ url })).toMatchObject({
    status: 200,
    headers: { 'content-encoding': encoding },
    error: { phase: 'body', code: 'HTTP_MALFORMED' },
  })
})

test.each([
  ['SSH-2.0-OpenSSH_9.2p1\r\n', 'HTTP_MALFORMED'],
  ['HTTP/1.1 twohundred OK\r\n\r\n', 'HTTP_MALFORMED'],
  ['HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'HTTP_MALFORMED'],
  ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP_MALFORMED'],
  [`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`, 'HTTP_MALFORMED'],
  ['', 'HTTP_CLOSED'],
  ['HTTP/1.1 200 OK\r\nconte', 'HTTP_CLOSED'],
])('%j for an answer is %s', async (bytes, code) => {
  const exchange = await http.ask({ url: await blurt(bytes) })
  expect(exchange).toMatchObject({ error: { phase: 'answer', code } })
  expect(exchange.status).toBeUndefined()
})

test('what a server says before it is asked is HTTP_MALFORMED', async () => {
  const server = raw((socket) => socket.write('220 mail.example.org ESMTP\r\n'))
  const url = `http://127.0.0.1:${await listen(server, onTestFinished)}`
  expect(await http.ask({ url })).toMatchObject({ error: { phase: 'answer', code: 'HTTP_MALFORMED' } })
})

test('a connection that is reset is HTTP_CLOSED', async () => {
  const server = raw((socket) => socket.once('data', () => socket.resetAndDestroy()))
  const url = `http://127.0.0.1:${await listen(server, onTestFinished)}`
  expect(await http.ask({ url })).toMatchObject({ error: { phase: 'answer', code: 'HTTP_CLOSED' } })
})

test.each([
  ['content-length: 10', 'hello', 'BODY_CLOSED'],
  ['transfer-encoding: chunked', '5\r\nhello\r\n', 'BODY_CLOSED'],
  ['transfer-encoding: chunked', '5\r\nhello\r\nnonsense\r\n', 'HTTP_MALFORMED'],
])('a body with %s that ends after %j is %s, and what came is kept', async (header, body, code) => {
  const exchange = await http.ask({ url: await blurt(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n${body}`) })
  expect(exchange).toMatchObject({ status: 200, body: 'hello', error: { phase: 'body', code } })
})

test.each(['http://user:secret@127.0.0.1:1/', 'http://secret@127.0.0.1:1/', 'ftp://127.0.0.1/secret', 'nonsense'])(
  '%s is refused and no password is noted',
  async (url) => {
    const exchange = await http.ask({ url })
    expect(exchange).toMatchObject({ timings: {}, error: { phase: 'answer', code: 'REQUEST_REFUSED' } })
    expect(exchange.url).not.toContain('@')
    expect(exchange.error?.message).not.toContain('secret')
  },
)

test('a header that is none is refused, and its value not told', async () => {
  const url = await serve((_, response) => response.end())
  const exchange = await http.ask({ url, headers: { authorization: 'Bearer secret\r\nx: y' } })
  expect(exchange).toMatchObject({ error: { code: 'REQUEST_REFUSED' } })
  expect(exchange.error?.message).not.toContain('secret')
})
