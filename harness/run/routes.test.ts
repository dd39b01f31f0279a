import { readdir, readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { renderStatus } from '../record/report/status.ts'
import { startFixture } from './fixtures/start.ts'
import { jsonOf } from './summary.ts'

const planned = [{ check: 'PV-TEST-001', title: 't' }]
const proxy = { refreshSeconds: 0.2, throttleSeconds: 0.01 }

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
}

/** The arguments and the environment of a process and of all that it started. */
async function visibleOf(pid: number): Promise<string> {
  const own = ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''))
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [])
  const children = tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => ''))
  const pids = (await Promise.all(children)).flatMap((text) => text.trim().split(' ').filter(Boolean)).map(Number)
  return [...(await Promise.all(own)), ...(await Promise.all(pids.map(visibleOf)))].join('\n')
}

test('a credential reaches the server it is for, and is to be seen nowhere else', async () => {
  const token = 'canary-credential-4Vd9'
  const heard: unknown[] = []
  const url = await serve(({ headers }, response) => {
    heard.push(headers.authorization)
    response.setHeader('x-echo', String(headers.authorization))
    response.end(`you said ${headers.authorization}`)
  })
  const expectations = { routes: [{ url, credentials: { env: 'PVT_TOKEN' } }], proxy: { ...proxy, refreshSeconds: 1 } }
  const run = await startFixture('asks-routes', { planned, expect: expectations }, { PVT_TOKEN: token })
  const worker = await run.prints('asking in')
  const visible = await visibleOf(worker)
  expect((await run.ended()).code, run.output()).toBe(0)
  expect(heard).toEqual(Array.from({ length: 3 }, () => `Bearer ${token}`))
  // The worker was looked at while it lived, or the absence would say nothing.
  expect(visible).toContain('worker-guard')
  const records = await run.records()
  const evidence = JSON.stringify(records)
  expect(evidence).toContain('you said Bearer [redacted]')
  const status = renderStatus({ records, bundlePath: 'x' })
  expect(status).toContain(url)
  const json = JSON.stringify(jsonOf({ records, exit: 'pass', runId: 'x', dir: 'x', statusPath: 'x', claim: 'x' }))
  expect(json).toContain('you said')
  for (const text of [evidence, status, json, run.output(), visible]) expect(text).not.toContain(token)
})

test('Ctrl-C ends the laps over the routes at once', async () => {
  const url = await serve((_, response) => response.end('ok'))
  const expectations = { routes: [{ url }], proxy: { refreshSeconds: 60 } }
  const run = await startFixture('asks-routes', { planned, expect: expectations })
  await run.prints('asking in')
  process.kill(-run.pid, 'SIGINT')
  const { code, ms } = await run.ended()
  expect(code, run.output()).toBe(130)
  expect(ms).toBeLessThan(2_000)
  expect(run.output()).not.toMatch(/[Uu]nhandled/)
  expect(await run.end()).toMatchObject({ kind: 'end', exit: 'interrupted' })
  expect(await run.leftovers()).toEqual([])
})
