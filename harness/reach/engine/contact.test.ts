import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, type RequestListener } from 'node:http'
import { createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contact } from './contact.ts'
import { createReader } from './read.ts'
import type { EngineWay } from './way.ts'

let dir: string
let way: EngineWay
const closers: (() => void)[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pvcheck-contact-'))
  way = { kind: 'socket', socketPath: join(dir, 'engine.sock'), agent: new Agent({ keepAlive: false }) }
})

afterEach(async () => {
  for (const close of closers.splice(0)) close()
  await rm(dir, { recursive: true, force: true })
})

async function listen(listener: RequestListener): Promise<void> {
  const server = createServer(listener)
  closers.push(() => server.close())
  await new Promise<void>((resolve) => server.listen(join(dir, 'engine.sock'), resolve))
}

const json = (body: unknown, status = 200): RequestListener => {
  return (_request, response) => response.writeHead(status).end(JSON.stringify(body))
}
const first = () => contact(way, 'unix:///engine.sock', AbortSignal.timeout(2000))

describe('the first contact', () => {
  test('finds the version that both sides speak', async () => {
    await listen(json({ Version: '20.10.24+dfsg1', ApiVersion: '1.41', MinAPIVersion: '1.12' }))
    expect(await first()).toEqual({ version: '20.10.24+dfsg1', apiVersion: '1.41' })
  })

  test.each([
    [
      'an engine that is too old',
      { Version: '19.03.1', ApiVersion: '1.40', MinAPIVersion: '1.12' },
      'REACH_ENGINE_TOO_OLD',
    ],
    [
      'an engine that is too new',
      { Version: '99.0', ApiVersion: '1.99', MinAPIVersion: '1.90' },
      'REACH_ENGINE_TOO_NEW',
    ],
    ['JSON of something else', { name: 'elasticsearch' }, 'REACH_NOT_DOCKER'],
  ])('names %s', async (_title, body, code) => {
    await listen(json(body))
    await expect(first()).rejects.toMatchObject({ code, exit: 'blocked' })
  })

  test('names a server that redirects, and does not follow it', async () => {
    const asked: (string | undefined)[] = []
    await listen((request, response) => {
      asked.push(request.url)
      response.writeHead(301, { Location: 'http://127.0.0.1:1/' }).end()
    })
    await expect(first()).rejects.toMatchObject({ code: 'REACH_NOT_DOCKER' })
    expect(asked).toEqual(['/version'])
  })

  test('names what does not speak HTTP', async () => {
    const server = createTcp((socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n'))
    closers.push(() => server.close())
    await new Promise<void>((resolve) => server.listen(join(dir, 'engine.sock'), resolve))
    await expect(first()).rejects.toMatchObject({ code: 'REACH_NOT_DOCKER', seen: expect.stringContaining('not HTTP') })
  })

  test('does not swallow an endless answer', async () => {
    await listen((_request, response) => {
      const pour = () => {
        while (response.write('x'.repeat(65_536)));
      }
      response
        .writeHead(200)
        .on('drain', pour)
        .on('error', () => undefined)
      pour()
    })
    await expect(first()).rejects.toMatchObject({ code: 'REACH_ANSWER_TOO_LARGE' })
  })
})

describe('a request', () => {
  const reader = () => createReader({ way, label: 'unix:///engine.sock', apiVersion: '1.41', timeoutMs: 300 })

  test('is made where it was told to go, whatever DOCKER_HOST says', async () => {
    process.env['DOCKER_HOST'] = 'tcp://203.0.113.9:2376'
    process.env['DOCKER_CERT_PATH'] = '/no/such/folder'
    closers.push(() => {
      delete process.env['DOCKER_HOST']
      delete process.env['DOCKER_CERT_PATH']
    })
    const asked: (string | undefined)[] = []
    await listen((request, response) => {
      asked.push(request.url)
      response.end('[]')
    })
    const answer = await reader().tasks({ filters: { a: ['b c'] } })
    expect(answer).toMatchObject({ status: 200, body: [] })
    expect(answer.what).toBe('GET /v1.41/tasks?filters=%7B%22a%22%3A%5B%22b%20c%22%5D%7D')
    expect(asked).toEqual(['/v1.41/tasks?filters=%7B%22a%22%3A%5B%22b%20c%22%5D%7D'])
  })

  test('takes every status for an answer', async () => {
    await listen(json({ message: 'no leader' }, 503))
    expect(await reader().nodes()).toMatchObject({ status: 503, body: { message: 'no leader' } })
  })

  test('follows no redirect', async () => {
    const asked: (string | undefined)[] = []
    await listen((request, response) => {
      asked.push(request.url)
      response.writeHead(301, { Location: '/v1.41/info' }).end()
    })
    expect(await reader().network('../info')).toMatchObject({ status: 301 })
    expect(asked).toEqual(['/v1.41/networks/..%2Finfo'])
  })

  test('that nobody answers ends at its deadline', async () => {
    await listen(() => undefined)
    await expect(reader().info()).rejects.toMatchObject({ code: 'REACH_ENGINE_TIMEOUT', exit: 'unknown' })
  })

  test('ends with the reason of its signal', async () => {
    const reason = new Error('cancelled')
    const controller = new AbortController()
    await listen(() => controller.abort(reason))
    await expect(reader().info({ signal: controller.signal })).rejects.toBe(reason)
  })

  test('whose answer breaks off is no answer', async () => {
    await listen((_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' }).write('[')
      setImmediate(() => response.destroy())
    })
    await expect(reader().services()).rejects.toMatchObject({ code: 'REACH_ENGINE_GONE', exit: 'unknown' })
  })

  test('to nobody is a lost engine', async () => {
    await expect(reader().info()).rejects.toMatchObject({ code: 'REACH_ENGINE_GONE' })
  })
})
