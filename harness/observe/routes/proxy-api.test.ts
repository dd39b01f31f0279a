import type { RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { networksAfterRoutes, servicesAfterRoutes, tasksAfterRoutes } from '../../model/facts/routing/backends.ts'
import { proxyApi, proxyPing } from '../../model/facts/routing/proxy-api.ts'
import { type Outside, openReader, openWeb } from './testing/outside.ts'

const refresh = { refreshSeconds: 0.001, throttleSeconds: 0 }
const tally = (total: number) => ({ total, warnings: 0, errors: 0 })

/** What Traefik answers that has so many routers and services. */
function traefik(routers: number, services = 1) {
  const list = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `n${index}@swarm`, more: 1 }))
  const page = (all: readonly unknown[], query: URLSearchParams) => {
    const [number, size] = [Number(query.get('page')), Number(query.get('per_page'))]
    const next = number * size < all.length ? number + 1 : 1
    return { headers: { 'x-next-page': String(next) }, json: all.slice((number - 1) * size, number * size) }
  }
  return (url: URL): { headers?: Record<string, string>; json: unknown } => {
    if (url.pathname === '/api/version') return { json: { Version: '2.11.0' } }
    const http = { routers: tally(routers), services: tally(services), middlewares: tally(0) }
    if (url.pathname === '/api/overview') return { json: { http } }
    return page(list(url.pathname === '/api/http/routers' ? routers : services), url.searchParams)
  }
}

async function serve(listener: RequestListener) {
  const web = await openWeb(listener)
  onTestFinished(() => web.close())
  return web
}

/** The proxy's API, answered by `answer` unless `instead` does. */
async function ask(
  answer: (url: URL) => { headers?: Record<string, string>; json: unknown },
  instead: (url: URL) => [number, string] | undefined = () => undefined,
  more: Partial<Outside> = {},
) {
  const web = await serve((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    const other = instead(url)
    if (other !== undefined) response.writeHead(other[0], { 'content-type': 'text/html' }).end(other[1])
    else if (url.pathname === '/') response.end()
    else {
      const { headers, json } = answer(url)
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
    }
  })
  const at = `http://traefik.example.org:${web.port}`
  const wanted = {
    proxy: { ...refresh, api: `${at}/api/`, ping: `${at}/ping`, credentials: { env: 'TOKEN' } },
    routes: [{ url: `${at}/` }],
  }
  const opened = openReader({ wanted, credentials: { 'env:TOKEN': 'canary-5a1t-4711' }, ...more })
  return { web, ...opened, read: async () => (await opened.reader.read(proxyApi)).value }
}

test('all pages are read, with credentials, after the last lap over the routes', async () => {
  const { web, read, saved } = await ask(traefik(250, 100))
  const value = await read()
  expect(value).toMatchObject({ state: 'answered', version: '2.11.0', engineNow: '2026-11-20T12:00:30.5Z' })
  if (value.state !== 'answered') throw new Error('no answer')
  expect(value.routers.map(({ name }) => name)).toEqual(Array.from({ length: 250 }, (_, index) => `n${index}@swarm`))
  expect(value.services).toHaveLength(100)
  expect(web.asked.map(({ what }) => what)).toEqual([
    ...Array(3).fill('GET /'),
    'GET /api/version',
    'GET /api/overview',
    ...[1, 2, 3].map((page) => `GET /api/http/routers?page=${page}&per_page=100`),
    'GET /api/http/services?page=1&per_page=100',
  ])
  expect(web.asked.at(-1)?.authorization).toBe('Bearer canary-5a1t-4711')
  // What was read is saved as it came, fields that nobody knows included.
  expect(saved.at(-1)).toMatchObject({
    fact: 'proxy-api',
    raw: { routers: expect.arrayContaining([{ name: 'n0@swarm', more: 1 }]) },
  })
})

test('a list without pages is whole when the overview says so', async () => {
  const whole = traefik(3)
  const { read } = await ask((url) => ({ json: whole(url).json }))
  expect(await read()).toMatchObject({ state: 'answered' })
})

test.each<[string, (url: URL) => [number, string] | undefined, RegExp]>([
  [
    'a page with status 200',
    () => [200, '<html>dashboard</html>'],
    /api\/version was answered with 200 \(text\/html\)/,
  ],
  [
    'JSON of another shape',
    ({ pathname }) => (pathname.endsWith('routers') ? [200, '{"routers":[]}'] : undefined),
    /api\/http\/routers.* not as wanted/,
  ],
  [
    'a redirect to a login',
    ({ pathname }) => (pathname.endsWith('overview') ? [302, ''] : undefined),
    /api\/overview was answered with 302/,
  ],
  ['a 404', () => [404, '404 page not found'], /api\/version was answered with 404/],
])('%s is no API', async (_, instead, why) => {
  const { read } = await ask(traefik(1), (url) => (url.pathname === '/' ? undefined : instead(url)))
  expect(await read()).toMatchObject({ state: 'silent', why: expect.stringMatching(why), exchange: { method: 'GET' } })
})

test('an API that cannot be reached is silent, by layer and code', async () => {
  const { web, read } = await ask(traefik(1))
  web.close()
  expect(await read()).toMatchObject({ state: 'silent', why: expect.stringContaining('(connect, TCP_REFUSED)') })
})

test.each(['3', '0', 'two', ''])('pages that go on with "%s" are no list', async (next) => {
  const { read } = await ask((url) => ({ ...traefik(250)(url), headers: { 'x-next-page': next } }))
  const silent = { state: 'silent', why: expect.stringContaining(`names "${next}" as the page after 1`) }
  expect(await read()).toMatchObject(silent)
})

test('pages that never end are left after a hundred', async () => {
  const { web, read } = await ask((url) => {
    const page = Number(url.searchParams.get('page'))
    return page === 0 ? traefik(1)(url) : { headers: { 'x-next-page': String(page + 1) }, json: [] }
  })
  expect(await read()).toMatchObject({ state: 'silent', why: expect.stringContaining('goes on after 100 pages') })
  expect(web.asked.length).toBeLessThan(120)
})

test.each<[string, (url: URL) => unknown]>([
  ['shorter than the overview says', () => [{ name: 'n0@swarm' }]],
  ['as long, but with a name twice', () => [{ name: 'n0@swarm' }, { name: 'n0@swarm' }]],
])('a list that stays %s is no list', async (_, json) => {
  const { web, read } = await ask((url) => (url.pathname.endsWith('routers') ? { json: json(url) } : traefik(2)(url)))
  expect(await read()).toMatchObject({ state: 'silent', why: expect.stringContaining('the overview counts 2') })
  expect(web.asked.filter(({ what }) => what.includes('routers'))).toHaveLength(3)
})

test('a proxy that hears of a change between two requests is asked again', async () => {
  let readings = 0
  const { read } = await ask((url) => {
    if (url.pathname.endsWith('version')) readings++
    return traefik(url.pathname.endsWith('routers') && readings === 1 ? 1 : 2)(url)
  })
  expect(await read()).toMatchObject({ state: 'answered', routers: [{}, {}] })
})

test('without an API nothing is asked of it', async () => {
  const { reader } = openReader({ wanted: {} })
  expect((await reader.read(proxyApi)).value).toEqual({ state: 'not configured' })
})

test('the Swarm is asked once more after the proxy, and so is its ping', async () => {
  const { web, reader, asked, saved } = await ask(traefik(1), ({ pathname }) =>
    pathname === '/ping' ? [200, 'OK'] : undefined,
  )
  const facts = [tasksAfterRoutes, servicesAfterRoutes, networksAfterRoutes, proxyPing] as const
  const [, , , ping] = await Promise.all(facts.map((fact) => reader.read<unknown>(fact)))
  expect(ping?.value).toMatchObject({ status: 200, body: 'OK' })
  expect(web.asked.at(-1)?.what).toBe('GET /ping')
  expect(asked[0]).toBe('info')
  expect(asked.slice(1).sort()).toEqual(['networks', 'services', 'tasks'])
  expect(saved.slice(0, 2)).toMatchObject([{ fact: 'routes' }, { fact: 'proxy-api' }])
})

test.each([
  ['the same origin', 'traefik', 'Bearer canary-5a1t-4711'],
  ['another', 'other', undefined],
])('a ping at %s as the API: credentials are for one origin', async (_, name, authorization) => {
  const web = await serve((request, response) => response.end(request.url))
  const at = (host: string) => `http://${host}.example.org:${web.port}`
  const proxy = { ...refresh, api: `${at('traefik')}/api`, ping: `${at(name)}/ping`, credentials: { env: 'TOKEN' } }
  const { reader } = openReader({ wanted: { proxy }, credentials: { 'env:TOKEN': 'canary-5a1t-4711' } })
  await reader.read(proxyPing)
  expect(web.asked.at(-1)).toMatchObject({ what: 'GET /ping', authorization })
})

test('a ping that is not configured is not asked', async () => {
  const { reader } = openReader({ wanted: {} })
  await expect(reader.read(proxyPing)).rejects.toMatchObject({ code: 'OBSERVE_NOT_CONFIGURED', exit: 'unknown' })
})
