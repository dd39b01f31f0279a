import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { routes } from '../../model/facts/routing/routes.ts'
import { openReader, openWeb, type Web } from './testing/outside.ts'

let web: Web
afterEach(() => web.close())

const proxy = { refreshSeconds: 0.3, throttleSeconds: 0 }

test('three visits lie more than a refresh of the proxy apart, and each page is saved once', async () => {
  web = await openWeb((request, response) => response.end(request.url === '/a' ? 'page a' : 'page b'))
  const at = `http://drone.example.org:${web.port}`
  const { reader, saved } = openReader({
    wanted: { proxy, routes: [{ url: `${at}/a` }, { url: `${at}/b`, name: 'b' }] },
  })
  const { value } = await reader.read(routes)
  expect(value).toMatchObject({ laps: 3, spanMs: 330 })
  expect(value.routes.map(({ name }) => name)).toEqual([`drone.example.org:${web.port}/a`, 'b'])
  for (const { visits } of value.routes) {
    expect(visits.map(({ lap }) => lap)).toEqual([1, 2, 3])
    const starts = visits.map(({ hops }) => Date.parse(hops[0]?.startedAt ?? ''))
    expect((starts[2] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(300)
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(100)
  }
  expect(value.routes.map(({ visits }) => visits.map(({ hops }) => hops[0]?.body))).toEqual([
    ['page a', 'page a', 'page a'],
    ['page b', 'page b', 'page b'],
  ])
  expect(JSON.stringify(saved).match(/page a/g)).toHaveLength(1)
})

test('where nothing is said of the proxy, it refreshes as Traefik does', async () => {
  web = await openWeb((_, response) => response.end())
  const stop = new AbortController()
  const wanted = { routes: [{ url: `http://drone.example.org:${web.port}/` }] }
  const { reader, saved } = openReader({ wanted, signal: stop.signal })
  const reading = reader.read(routes)
  await expect.poll(() => web.asked.length).toBe(1)
  await delay(50)
  expect(web.asked).toHaveLength(1)
  const started = performance.now()
  stop.abort(new Error('enough'))
  await expect(reading).rejects.toThrow('enough')
  expect(performance.now() - started).toBeLessThan(1000)
  expect(saved).toMatchObject([{ fact: 'routes', asks: [{ via: 'http', answer: 200 }], error: 'enough' }])
})

test('a route that ran into a deadline is not visited again, and holds up no other', async () => {
  web = await openWeb((request, response) => {
    if (request.url !== '/mute') response.end('spoken')
  })
  const at = `http://drone.example.org:${web.port}`
  const { reader } = openReader({
    wanted: { proxy, routes: [{ url: `${at}/mute` }, { url: `${at}/` }] },
    http: { timeouts: { firstByteMs: 1200 } },
  })
  const { value } = await reader.read(routes)
  const [mute, spoken] = value.routes
  expect(mute?.visits).toMatchObject([{ lap: 1, hops: [{ error: { code: 'HTTP_TIMEOUT' } }] }])
  expect(spoken?.visits).toHaveLength(3)
  const last = spoken?.visits[2]?.hops[0]?.startedAt ?? ''
  expect(Date.parse(last) - Date.parse(mute?.visits[0]?.hops[0]?.startedAt ?? '')).toBeLessThan(1200)
})

test('a route that refuses is visited in every lap', async () => {
  web = await openWeb((_, response) => response.end())
  web.close()
  const { reader } = openReader({ wanted: { proxy, routes: [{ url: `http://drone.example.org:${web.port}/` }] } })
  const { value } = await reader.read(routes)
  expect(value.routes[0]?.visits.map(({ hops }) => hops[0]?.error?.code)).toEqual(Array(3).fill('TCP_REFUSED'))
})

test('without routes nothing is asked, and nobody waits', async () => {
  web = await openWeb((_, response) => response.end())
  const { reader } = openReader({ wanted: {} })
  expect((await reader.read(routes)).value.routes).toEqual([])
})
