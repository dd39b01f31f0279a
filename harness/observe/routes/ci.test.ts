import { expect, onTestFinished, test } from 'vitest'
import { board, ciServer, reportPage } from '../../model/facts/routing/ci.ts'
import { openReader, openWeb } from './testing/outside.ts'

const credentials = { 'env:TOKEN': 'canary-5a1t-4711' }

/** A CI server with `count` builds, the newest first; `recipeOf` names what each was of. */
async function serve(
  count: (asked: number) => number,
  { recipeOf = () => 'other', perPage = 100, pages = true }: Partial<CiServer> = {},
) {
  let asked = 0
  const web = await openWeb((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    if (!url.pathname.endsWith('/builds')) {
      response.setHeader('content-type', 'text/html').end('<html>page</html>')
      return
    }
    asked++
    const all = Array.from({ length: count(asked) }, (_, index) => count(asked) - index)
    const from = pages ? (Number(url.searchParams.get('page') ?? 1) - 1) * perPage : 0
    const builds = all.slice(from, from + perPage)
    response.end(
      JSON.stringify(
        builds.map((number) => ({ number, status: 'success', params: { RECIPE: recipeOf(number) }, message: 'x' })),
      ),
    )
  })
  onTestFinished(() => web.close())
  const at = `http://drone.example.org:${web.port}`
  const ci = { url: at, repo: 'owner/name', credentials: { env: 'TOKEN' } }
  const dashboard = { url: `${at}/board`, recipes: ['ghost', 'keycloak'] }
  return { web, ci, dashboard, at, ...openReader({ wanted: { ci, dashboard }, credentials }) }
}

interface CiServer {
  readonly recipeOf: (number: number) => string
  readonly perPage: number
  readonly pages: boolean
}

const asks = (web: { readonly asked: readonly { readonly what: string }[] }) => web.asked.map(({ what }) => what)

test('the CI server is asked for itself, and for what it cannot know', async () => {
  const { web, reader } = await serve(() => 1)
  const { value } = await reader.read(ciServer)
  expect(asks(web).sort()).toEqual([
    expect.stringMatching(/^GET \/api\/pvcheck-[0-9a-f]{12}$/),
    'GET /api/repos/owner/name/builds?per_page=100',
    'GET /api/user',
    'GET /healthz',
    expect.stringMatching(/^GET \/pvcheck-[0-9a-f]{12}$/),
    'GET /version',
  ])
  expect(web.asked.every(({ authorization }) => authorization === 'Bearer canary-5a1t-4711')).toBe(true)
  expect(value).toMatchObject({
    builds: { body: expect.stringContaining('"number":1') },
    health: { status: 200, body: '<html>page</html>' },
    user: { status: 200 },
  })
})

test('a guest does not ask who it is', async () => {
  const { web, at } = await serve(() => 1)
  const { reader } = openReader({ wanted: { ci: { url: `${at}/`, repo: 'owner/name' } } })
  expect((await reader.read(ciServer)).value).not.toHaveProperty('user')
  expect(asks(web)).toHaveLength(5)
  expect(asks(web)).toContain('GET /healthz')
})

test('the page stands between two readings of the builds', async () => {
  const { web, reader } = await serve((asked) => (asked <= 2 ? 1 : 2))
  const { value } = await reader.read(board)
  expect(value).toMatchObject({
    before: { state: 'read', builds: [{ number: 1, status: 'success', params: { RECIPE: 'other' } }], complete: true },
    page: { body: '<html>page</html>' },
    after: { state: 'read', builds: [{ number: 2 }, { number: 1 }] },
  })
  const builds = '/api/repos/owner/name/builds?page='
  const twice = [`GET ${builds}1&per_page=100`, `GET ${builds}2&per_page=100`]
  expect(asks(web)).toEqual([...twice, 'GET /board', ...twice])
})

test('builds are read until each enrolled recipe has one, in pages of whatever length', async () => {
  const recipeOf = (number: number) => (number === 60 ? 'ghost' : number === 3 ? 'keycloak' : 'other')
  const { web, reader } = await serve(() => 70, { recipeOf, perPage: 25 })
  const { before } = (await reader.read(board)).value
  expect(before).toMatchObject({
    state: 'read',
    complete: true,
    builds: expect.arrayContaining([expect.objectContaining({ number: 3 })]),
  })
  expect(asks(web).indexOf('GET /board')).toBe(3)
})

test('what was left unread is told', async () => {
  const { web, reader } = await serve(() => 5000)
  const { before } = (await reader.read(board)).value
  expect(before).toMatchObject({ state: 'read', complete: false })
  expect(asks(web).indexOf('GET /board')).toBe(10)
})

test('a server that knows no pages is not read for ever, and its list is not all', async () => {
  const { web, reader } = await serve(() => 150, { pages: false })
  expect((await reader.read(board)).value.before).toMatchObject({ state: 'read', complete: false })
  expect(asks(web).indexOf('GET /board')).toBe(2)
})

test('a page in place of the builds is no reading', async () => {
  const { ci, dashboard } = await serve(() => 1)
  const login = await openWeb((_, response) => response.end('<html>login</html>'))
  onTestFinished(() => login.close())
  const wanted = { ci: { ...ci, url: `http://drone.example.org:${login.port}` }, dashboard }
  const { value } = await openReader({ wanted, credentials }).reader.read(board)
  const unread = { state: 'unread', why: expect.stringMatching(/builds\?.* was answered with 200/) }
  expect(value).toMatchObject({ before: unread, page: { status: 200 }, after: unread })
})

test('without a CI server the page is read all the same', async () => {
  const { dashboard } = await serve(() => 1)
  const { value } = await openReader({ wanted: { dashboard } }).reader.read(board)
  const unread = { state: 'unread', why: '`expect.ci` is not configured' }
  expect(value).toMatchObject({ before: unread, page: { status: 200 }, after: unread })
})

test('the report site is one page', async () => {
  const { web, at } = await serve(() => 1)
  const { reader } = openReader({ wanted: { reportSite: { url: `${at}/report/`, marker: 'm' } } })
  expect((await reader.read(reportPage)).value).toMatchObject({ status: 200, body: '<html>page</html>' })
  expect(asks(web)).toEqual(['GET /report/'])
})
