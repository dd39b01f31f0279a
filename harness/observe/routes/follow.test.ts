import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { routes } from '../../model/facts/routing/routes.ts'
import { type Outside, openReader, openWeb } from './testing/outside.ts'

const proxy = { refreshSeconds: 0.001, throttleSeconds: 0 }
const token = { env: 'TOKEN' }
const credentials = { 'env:TOKEN': 'canary-5a1t-4711' }

async function serve(answer: RequestListener) {
  const web = await openWeb(answer)
  onTestFinished(() => web.close())
  return web
}

/** The first visit of the one route. */
async function visit(route: object, more: Partial<Outside> = {}) {
  const { reader, saved } = openReader({ wanted: { proxy, routes: [route] }, credentials, ...more })
  const { value } = await reader.read(routes)
  expect(JSON.stringify(saved)).not.toContain('canary')
  const seen = value.routes[0]?.visits[0]
  return { statuses: seen?.hops.map(({ status }) => status), urls: seen?.hops.map(({ url }) => url), seen }
}

const redirect =
  (to: (path: string) => string | undefined, status = 302): RequestListener =>
  ({ url = '' }, response) => {
    const location = to(url)
    response.writeHead(location === undefined ? 200 : status, location === undefined ? {} : { location }).end()
  }

test('a route that follows nothing shows its redirect', async () => {
  const web = await serve(redirect(() => '/welcome', 303))
  const { statuses, seen } = await visit({ url: `http://drone.example.org:${web.port}/` })
  expect(statuses).toEqual([303])
  expect(seen?.stopped).toBeUndefined()
})

test.each([301, 302, 303, 307, 308])('%i is followed, from a relative address, too', async (status) => {
  const web = await serve(redirect((path) => (path === '/a/b' ? '../c?d=1#e' : undefined), status))
  const { statuses, urls } = await visit({ url: `http://drone.example.org:${web.port}/a/b`, follow: 1 })
  expect(statuses).toEqual([status, 200])
  expect(urls?.[1]).toBe(`http://drone.example.org:${web.port}/c?d=1`)
})

test('a loop ends where it closes', async () => {
  const web = await serve(redirect((path) => (path === '/a' ? '/b' : '/a#again')))
  const { statuses, seen } = await visit({ url: `http://drone.example.org:${web.port}/a`, follow: 20 })
  expect(statuses).toEqual([302, 302])
  expect(seen?.stopped).toBe('loop')
})

test('more redirects than are allowed are not followed', async () => {
  const web = await serve(redirect((path) => `${path}x`))
  const { statuses, seen } = await visit({ url: `http://drone.example.org:${web.port}/`, follow: 2 })
  expect(statuses).toEqual([302, 302, 302])
  expect(seen?.stopped).toBe('too many')
})

test.each(['ftp://drone.example.org/', 'http://[', 'javascript:alert(1)'])('"%s" leads nowhere', async (location) => {
  const web = await serve(redirect(() => location))
  const { statuses, seen } = await visit({ url: `http://drone.example.org:${web.port}/`, follow: 5 })
  expect(statuses).toEqual([302])
  expect(seen).not.toHaveProperty('stopped')
})

test('HEAD stays HEAD', async () => {
  const web = await serve(redirect((path) => (path === '/' ? '/b' : undefined), 303))
  await visit({ url: `http://drone.example.org:${web.port}/`, method: 'HEAD', follow: 1 })
  expect(web.asked.slice(0, 2).map(({ what }) => what)).toEqual(['HEAD /', 'HEAD /b'])
})

test('credentials stay with the origin of the route: its name, and its port', async () => {
  const other = await serve((_, response) => response.end())
  const next: Readonly<Record<string, (port: number) => string>> = {
    '/': () => '/b',
    '/b': (port) => `http://traefik.example.org:${port}/c`,
    '/c': () => `http://drone.example.org:${other.port}/`,
  }
  const web = await serve((request, response) => {
    const location = next[request.url ?? '']?.(request.socket.localPort ?? 0) ?? ''
    response.writeHead(302, { location }).end()
  })
  const { statuses } = await visit({ url: `http://drone.example.org:${web.port}/`, follow: 5, credentials: token })
  expect(statuses).toEqual([302, 302, 302, 200])
  const told = web.asked.slice(0, 3).map(({ what, authorization }) => [what, authorization])
  expect(told).toEqual([
    ['GET /', 'Bearer canary-5a1t-4711'],
    ['GET /b', 'Bearer canary-5a1t-4711'],
    ['GET /c', undefined],
  ])
  expect(other.asked[0]?.authorization).toBeUndefined()
})

test('credentials are not carried from https to http', async () => {
  const plain = await serve((_, response) => response.end())
  const secure = await serveSecurely(`http://drone.example.org:${plain.port}/`)
  const { statuses } = await visit(
    { url: `https://drone.example.org:${secure.port}/`, follow: 5, credentials: token },
    { http: { caPath: secure.caPath } },
  )
  expect(statuses).toEqual([302, 200])
  expect(secure.asked).toEqual(Array(3).fill('Bearer canary-5a1t-4711'))
  expect(plain.asked.map(({ authorization }) => authorization)).toEqual(Array(3).fill(undefined))
})

/** `https://drone.example.org`, which leads elsewhere, with a certificate that signs itself. */
async function serveSecurely(location: string) {
  const dir = mkdtempSync(join(tmpdir(), 'pvcheck-follow-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const [keyPath, caPath] = [join(dir, 'key.pem'), join(dir, 'ca.pem')]
  const names = ['-subj', '/CN=drone.example.org', '-addext', 'subjectAltName=DNS:drone.example.org']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyPath]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, '-out', caPath, ...names], { stdio: 'ignore' })
  const asked: (string | undefined)[] = []
  const server = createServer({ key: readFileSync(keyPath), cert: readFileSync(caPath) }, (request, response) => {
    asked.push(request.headers.authorization)
    response.writeHead(302, { location }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, caPath, asked }
}
