import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { httpAddressSchema } from '../../model/http.ts'
import { createHttp } from './client.ts'
import { listen } from './testing/listen.ts'

const client = (resolve: Record<string, string> = {}) => createHttp(httpAddressSchema.parse({ resolve }))

/** Says who is asked, and by which name. */
const serve = (host: string, port = 0) =>
  listen(
    createServer((request, response) => response.end(`${host} ${request.headers.host}`)),
    onTestFinished,
    host,
    port,
  )

test('a name leads where DNS says', async () => {
  const port = await serve('127.0.0.1')
  const exchange = await client().ask({ url: `http://localhost:${port}/` })
  expect(exchange).toMatchObject({ status: 200, resolved: { by: 'dns' }, peer: `127.0.0.1:${port}` })
  expect(exchange.resolved?.addresses).toContain('127.0.0.1')
  expect(exchange.timings.dnsMs).toBeGreaterThanOrEqual(0)
})

test.each([
  ['a.b.route.test', '127.0.0.1'],
  ['A.B.route.test.', '127.0.0.1'],
  ['c.b.route.test', '127.0.0.2'],
  ['c.route.test', '127.0.0.3'],
  ['d.c.route.test', '127.0.0.3'],
])('%s is overridden by its exact name, else by the longest pattern: %s', async (host, address) => {
  const port = await serve(address)
  const http = client({
    '*.route.test': '127.0.0.3',
    '*.b.route.test': '127.0.0.2',
    'A.b.route.test': '127.0.0.1',
    '*.test': '127.0.0.4',
  })
  const exchange = await http.ask({ url: `http://${host}:${port}/` })
  expect(exchange).toMatchObject({
    body: `${address} ${host.toLowerCase()}:${port}`,
    peer: `${address}:${port}`,
    resolved: { by: 'override', addresses: [address] },
  })
  expect(exchange.timings.dnsMs).toBeUndefined()
})

test('a pattern does not stand for the name below which it begins', async () => {
  expect(await client({ '*.a..b': '127.0.0.1' }).ask({ url: 'http://a..b/' })).toMatchObject({
    error: { phase: 'dns', code: 'DNS_NOT_FOUND', message: 'DNS knows no address of a..b' },
  })
})

test('the address of a request comes before all overrides', async () => {
  const port = await serve('127.0.0.2')
  const http = client({ 'route.test': '127.0.0.1' })
  expect(await http.ask({ url: `http://route.test:${port}/`, address: '127.0.0.2' })).toMatchObject({
    body: `127.0.0.2 route.test:${port}`,
    resolved: { by: 'override', addresses: ['127.0.0.2'] },
  })
})

test('an IPv6 address is dialled without its brackets and written with them', async () => {
  const port = await serve('::1')
  expect(await client().ask({ url: `http://[::1]:${port}/` })).toMatchObject({
    body: `::1 [::1]:${port}`,
    resolved: { by: 'literal', addresses: ['::1'] },
    peer: `[::1]:${port}`,
  })
  for (const host of ['::1', '[::1]']) {
    expect(await client().knock({ host, port })).toMatchObject({ host, port, peer: `[::1]:${port}` })
  }
})

test('a name that no resolver takes is DNS_FAILED', async () => {
  const exchange = await client().ask({ url: `http://${'a.'.repeat(200)}test/` })
  expect(exchange).toMatchObject({ error: { phase: 'dns', code: 'DNS_FAILED' } })
})

test('a port that nobody listens at is TCP_REFUSED, and each address is told', async () => {
  const exchange = await client().ask({ url: 'http://localhost:1/' })
  expect(exchange).toMatchObject({ error: { phase: 'connect', code: 'TCP_REFUSED' } })
  for (const address of exchange.resolved?.addresses ?? ['none']) expect(exchange.error?.message).toContain(address)
  expect(exchange.timings.connectMs).toBeUndefined()
})

test('an address without a way to it is TCP_UNREACHABLE', async () => {
  // Nobody connects to a multicast group: the kernel refuses before anything is sent.
  expect(await client().knock({ host: '224.0.0.1', port: 1 })).toMatchObject({
    error: { phase: 'connect', code: 'TCP_UNREACHABLE' },
  })
})

test('an open port lets us in, and is left again', async () => {
  const port = await serve('127.0.0.1')
  const knock = await client().knock({ host: '127.0.0.1', port })
  expect(knock).toMatchObject({ host: '127.0.0.1', port, peer: `127.0.0.1:${port}` })
  expect(knock.error).toBeUndefined()
})
