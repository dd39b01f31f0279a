import { createServer as createSecure } from 'node:https'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { unknownNames } from '../../model/facts/routing/controls.ts'
import { openMint } from '../../reach/http/testing/certificates.ts'
import { listen } from '../../reach/http/testing/listen.ts'
import { openReader, openWeb, type Web } from './testing/outside.ts'

let web: Web
afterEach(() => web.close())

const proxy = { refreshSeconds: 0.001, throttleSeconds: 0 }
const pvcheck = /^pvcheck-[0-9a-f]{12}\./

test('one name for each domain and path is asked where the routes were answered, without credentials', async () => {
  web = await openWeb((_, response) => response.end('anybody'))
  const at = (name: string, path: string) => ({
    url: `http://${name}:${web.port}${path}`,
    credentials: { env: 'TOKEN' },
  })
  const { reader } = openReader({
    wanted: {
      proxy,
      routes: [
        at('drone.ci.example.org', '/healthz'),
        at('traefik.ci.example.org', '/api'),
        at('ci.example.org', '/'),
        at('127.0.0.1', '/literal'),
      ],
    },
    // Nobody else knows where these names lead.
    http: {
      resolve: {
        'drone.ci.example.org': '127.0.0.1',
        'traefik.ci.example.org': '127.0.0.1',
        'ci.example.org': '127.0.0.1',
      },
    },
    credentials: { 'env:TOKEN': 'canary-5a1t-4711' },
  })
  const { controls } = (await reader.read(unknownNames)).value
  expect(controls.map(({ name }) => name.replace(pvcheck, ''))).toEqual([
    'ci.example.org',
    'ci.example.org',
    'example.org',
  ])
  const asked = web.asked.filter(({ host }) => pvcheck.test(host))
  expect(asked).toEqual([
    { what: 'GET /healthz', host: `${controls[0]?.name}:${web.port}`, authorization: undefined },
    { what: 'GET /api', host: `${controls[1]?.name}:${web.port}`, authorization: undefined },
    { what: 'GET /', host: `${controls[2]?.name}:${web.port}`, authorization: undefined },
  ])
  expect(controls[0]?.exchange).toMatchObject({ status: 200, body: 'anybody', resolved: { addresses: ['127.0.0.1'] } })
})

test('where nobody answered, the failure is kept', async () => {
  web = await openWeb((_, response) => response.end())
  web.close()
  const { reader } = openReader({ wanted: { proxy, routes: [{ url: `http://drone.example.org:${web.port}/` }] } })
  const { controls } = (await reader.read(unknownNames)).value
  expect(controls).toMatchObject([{ exchange: { error: { code: 'TCP_REFUSED' } } }])
})

test('a route that answered speaks for its domain before one that did not', async () => {
  web = await openWeb((request, response) => {
    if (request.url === '/mute') request.socket.destroy()
    else response.end()
  })
  const urls = ['/mute', '/'].map((path) => ({ url: `http://drone.example.org:${web.port}${path}` }))
  const { reader } = openReader({ wanted: { proxy, routes: urls } })
  const { controls } = (await reader.read(unknownNames)).value
  expect(controls).toMatchObject([{ exchange: { status: 200 } }])
})

test('however many domains there are, all are asked', async () => {
  web = await openWeb((_, response) => response.end())
  const routes = Array.from({ length: 12 }, (_, index) => ({ url: `http://a.d${index}.example.org:${web.port}/` }))
  const { reader } = openReader({ wanted: { proxy, routes } })
  expect((await reader.read(unknownNames)).value.controls).toHaveLength(12)
})

test('through a proxy that knows the name of a route alone it is asked where that one leads', async () => {
  web = await openWeb((_, response) => response.end('anybody'))
  const names: string[] = []
  const socks = await openSocks((name) => {
    names.push(name)
    return pvcheck.test(name) ? undefined : web.port
  })
  onTestFinished(socks.close)
  const { reader } = openReader({
    wanted: { proxy, routes: [{ url: `http://drone.example.org:${web.port}/` }] },
    http: { resolve: {}, proxy: { host: '127.0.0.1', port: socks.port } },
  })
  const { controls } = (await reader.read(unknownNames)).value
  expect(controls).toMatchObject([{ exchange: { status: 200, body: 'anybody' } }])
  expect(names).toEqual(Array(4).fill('drone.example.org'))
  expect(web.asked.at(-1)).toMatchObject({ host: `${controls[0]?.name}:${web.port}` })
})

/** A SOCKS5 proxy that leads a name to a port of loopback, or knows no such host. */
async function openSocks(portOf: (name: string) => number | undefined) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]))
      socket.once('data', (request) => {
        const bytes = Buffer.from(request)
        const port = bytes[3] === 3 ? portOf(bytes.toString('utf8', 5, 5 + (bytes[4] ?? 0))) : undefined
        socket.write(Buffer.from([5, port === undefined ? 4 : 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        if (port === undefined) socket.end()
        else socket.pipe(connect(port, '127.0.0.1')).pipe(socket)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

test('a certificate that nobody trusts does not hide what is answered', async () => {
  web = await openWeb((_, response) => response.end())
  const { mint, close } = openMint()
  onTestFinished(close)
  const own = mint({ subject: '/CN=drone.example.org', names: 'DNS:drone.example.org' })
  const server = createSecure({ key: own.key, cert: own.cert }, (_, response) => response.writeHead(404).end('nobody'))
  const port = await listen(server, onTestFinished)
  const { reader } = openReader({ wanted: { proxy, routes: [{ url: `https://drone.example.org:${port}/` }] } })
  const { controls } = (await reader.read(unknownNames)).value
  expect(controls).toMatchObject([{ exchange: { status: 404, body: 'nobody', tls: { authorized: false } } }])
})

test.each([
  ['once, as by a server that is busy, is asked again', 1, { status: 404 }],
  ['again and again is kept', Number.POSITIVE_INFINITY, { error: { code: 'TLS_REFUSED' } }],
])('a name that is refused %s', async (_, refusals, exchange) => {
  const { mint, close } = openMint()
  onTestFinished(close)
  const own = mint({ subject: '/CN=drone.example.org', names: 'DNS:drone.example.org' })
  const server = createSecure({ key: own.key, cert: own.cert }, (_, response) => response.writeHead(404).end())
  const behind = await listen(server, onTestFinished)
  let left = refusals
  const front = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (hello) => {
      // Fatal, internal error: what servers written in Go say of a name that they have no certificate for.
      if (hello.includes('pvcheck-') && left-- > 0) {
        socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 80]))
        return
      }
      const onward = connect(behind, '127.0.0.1').on('error', () => socket.destroy())
      onward.write(hello)
      socket.pipe(onward).pipe(socket)
    })
  })
  const port = await listen(front, onTestFinished)
  const { reader } = openReader({ wanted: { proxy, routes: [{ url: `https://drone.example.org:${port}/` }] } })
  expect((await reader.read(unknownNames)).value.controls).toMatchObject([{ exchange }])
})
