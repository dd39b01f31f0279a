import { describe, expect, test } from 'vitest'
import { answerDrone } from './api.mjs'
import { firstHistory } from './history.mjs'
import type { Build } from './types.ts'

const now = 1_781_258_400
const builds = '/api/repos/recipe-maintainers/cc-ci/builds'

function startServer() {
  let saves = 0
  const server = {
    history: firstHistory(now),
    slug: 'recipe-maintainers/cc-ci',
    token: 'a-token',
    login: 'ccci-bridge',
    now: () => now,
    changed: async () => {
      saves += 1
    },
  }
  const ask = (target: string, method = 'GET', token: string | undefined = undefined) =>
    answerDrone({ method, target, authorization: token === undefined ? undefined : `Bearer ${token}` }, server)
  return {
    server,
    ask,
    saves: () => saves,
    read: async (target: string) => JSON.parse((await ask(target)).body) as unknown,
  }
}

describe('the CI server', () => {
  test('says OK when asked for its health', async () => {
    expect(await startServer().ask('/healthz')).toMatchObject({ body: 'OK' })
    expect(await startServer().read('/version')).toEqual({
      source: 'https://github.com/harness/drone',
      version: '2.25.0+stand-in',
      commit: '',
    })
  })

  test('sends the anonymous from / to /welcome, and gives its page for every other path', async () => {
    const { ask } = startServer()
    expect(await ask('/')).toMatchObject({ status: 303, headers: { Location: '/welcome' } })
    const page = await ask('/welcome')
    expect(page.status).toBeUndefined()
    expect(page.body).toContain('<div id="root">')
    expect(await ask('/no/such/page')).toEqual(page)
    expect(await ask('/', 'GET', 'a-token')).toEqual(page)
  })

  test('takes a wrong token for none', async () => {
    const { ask } = startServer()
    expect(await ask('/api/user', 'GET', 'wrong')).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}\n' })
    expect(JSON.parse((await ask('/api/user', 'GET', 'a-token')).body)).toMatchObject({ login: 'ccci-bridge' })
    expect((await ask(builds, 'GET', 'wrong')).status).toBeUndefined()
    expect(await ask(builds, 'POST', 'wrong')).toMatchObject({ status: 401 })
    expect(await ask(`${builds}/1`, 'DELETE', 'wrong')).toMatchObject({ status: 401 })
  })

  test('shows a user the newest builds, each in its repository, and a guest none', async () => {
    const { ask } = startServer()
    const answer = await ask('/api/user/builds', 'GET', 'a-token')
    const recent = JSON.parse(answer.body) as { slug: string; build: Build }[]
    expect(recent.map(({ slug, build }) => `${slug} ${build.number}`)).toEqual(
      [4, 3, 2, 1].map((number) => `recipe-maintainers/cc-ci ${number}`),
    )
    expect(await ask('/api/user/builds')).toMatchObject({ status: 401 })
  })

  test('lists builds, the newest first, without their stages', async () => {
    const listed = (await startServer().read(`${builds}?per_page=2&page=1`)) as Build[]
    expect(listed.map(({ number }) => number)).toEqual([4, 3])
    expect(listed[0]).not.toHaveProperty('stages')
    expect(await startServer().read(`${builds}/latest`)).toMatchObject({ number: 4, stages: [{ number: 1 }] })
  })

  test('keeps the log of a step until it has ended', async () => {
    const { ask, read } = startServer()
    await ask(`${builds}?branch=main&RECIPE=ghost`, 'POST', 'a-token')
    expect(await ask(`${builds}/5/logs/1/2`)).toMatchObject({ status: 404 })
    expect(await read(`${builds}/4/logs/1/2`)).toEqual([
      { pos: 0, out: '+ RECIPE=hedgedoc cc-ci-run\n', time: 0 },
      { pos: 1, out: 'exit status 0\n', time: 1 },
    ])
  })

  test('makes of a query a build that waits, its parameters apart from branch, commit and token', async () => {
    const { ask, saves } = startServer()
    const { body } = await ask(`${builds}?branch=main&commit=abc&RECIPE=ghost&PR=7`, 'POST', 'a-token')
    expect(JSON.parse(body)).toMatchObject({
      number: 5,
      status: 'pending',
      event: 'custom',
      target: 'main',
      after: 'abc',
      params: { RECIPE: 'ghost', PR: '7' },
      finished: 0,
      stages: [{ status: 'pending', steps: [{ status: 'pending' }, { status: 'pending' }] }],
    })
    expect(saves()).toBe(1)
  })

  test('answers null, with 200, where the head asks for no build', async () => {
    const { ask, server } = startServer()
    expect(await ask(`${builds}?branch=docs&RECIPE=ghost`, 'POST', 'a-token')).toMatchObject({ body: 'null\n' })
    expect(server.history.builds).toHaveLength(4)
  })

  test('kills what has not ended, and leaves what has', async () => {
    const { ask } = startServer()
    await ask(`${builds}?branch=main&RECIPE=ghost`, 'POST', 'a-token')
    expect(JSON.parse((await ask(`${builds}/5`, 'DELETE', 'a-token')).body)).toMatchObject({
      status: 'killed',
      finished: now,
      stages: [
        {
          status: 'killed',
          steps: [
            { status: 'skipped', exit_code: 130 },
            { status: 'skipped', exit_code: 130 },
          ],
        },
      ],
    })
    expect(JSON.parse((await ask(`${builds}/4`, 'DELETE', 'a-token')).body)).toMatchObject({ status: 'success' })
  })

  test('knows no other repository, branch or build', async () => {
    const { ask } = startServer()
    expect(await ask('/api/repos/a/b/builds')).toMatchObject({ status: 404 })
    expect(await ask(`${builds}?branch=none`, 'POST', 'a-token')).toMatchObject({ status: 404 })
    expect(await ask(`${builds}/99`)).toMatchObject({ status: 404, body: '{"message":"sql: no rows in result set"}\n' })
  })
})
