import { rm } from 'node:fs/promises'
import type { RequestListener, ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answering, recordingEngine } from '../testing/recording-engine.ts'
import { answerTo, createAsk, type EngineLink } from './link.ts'
import { createReader } from './read.ts'
import type { EngineAnswer } from './reader.ts'
import { engineGone } from './trouble.ts'
import { createWriter } from './write.ts'
import type { EngineWriter } from './writer.ts'

const engine = (listener: RequestListener) => recordingEngine(listener, onTestFinished)

const spec = { Name: 'pvc-ü', Labels: { 'a.b': '1' }, Deep: { list: [1, null, { x: [] }], zero: 0, no: false } }
const id = 'mjq2pk0zzuh35pbh4utqs1nnl'

/** A request as it has to arrive, with nothing else in it. */
function request(line: string, body?: unknown): string {
  const json = body === undefined ? undefined : JSON.stringify(body)
  const head =
    json === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`]
  return [`${line} HTTP/1.1`, ...head, 'Host: localhost', 'Connection: close', '', json ?? ''].join('\r\n')
}

describe('each method makes the one request it names, to the byte', () => {
  test.each<[string, (writer: EngineWriter) => Promise<EngineAnswer>, string]>([
    ['createService', (writer) => writer.createService(spec), request('POST /v1.41/services/create', spec)],
    ['createNetwork', (writer) => writer.createNetwork(spec), request('POST /v1.41/networks/create', spec)],
    ['createConfig', (writer) => writer.createConfig(spec), request('POST /v1.41/configs/create', spec)],
    ['createSecret', (writer) => writer.createSecret(spec), request('POST /v1.41/secrets/create', spec)],
    [
      'updateConfig',
      (writer) => writer.updateConfig(id, 4711, spec),
      request(`POST /v1.41/configs/${id}/update?version=4711`, spec),
    ],
    ['removeService', (writer) => writer.removeService(id), request(`DELETE /v1.41/services/${id}`)],
    ['removeNetwork', (writer) => writer.removeNetwork(id), request(`DELETE /v1.41/networks/${id}`)],
    ['removeConfig', (writer) => writer.removeConfig(id), request(`DELETE /v1.41/configs/${id}`)],
    ['removeSecret', (writer) => writer.removeSecret(id), request(`DELETE /v1.41/secrets/${id}`)],
    [
      'removeContainer',
      (writer) => writer.removeContainer(id),
      request(`DELETE /v1.41/containers/${id}?force=true&v=true`),
    ],
  ])('%s', async (_title, act, wanted) => {
    const { link, heard } = await engine(answering(201, { ID: id }))
    const answer = await act(createWriter(link))
    expect(heard).toEqual([wanted])
    expect(answer).toMatchObject({ status: 201, body: { ID: id } })
    expect(wanted.startsWith(answer.what)).toBe(true)
  })
})

describe('an answer', () => {
  test.each([
    [409, { message: 'name conflicts' }],
    [503, { message: 'no leader' }],
    [500, null],
    [200, []],
  ])('of %i is what the engine says', async (status, body) => {
    const { link, heard } = await engine(answering(status, body))
    await expect(createWriter(link).createConfig(spec)).resolves.toMatchObject({ status, body })
    expect(heard).toHaveLength(1)
  })

  test('without a body is an empty text', async () => {
    const { link } = await engine(answering(204, undefined))
    await expect(createWriter(link).removeService(id)).resolves.toMatchObject({ status: 204, body: '' })
  })

  test('that leads elsewhere is not followed', async () => {
    const { link, heard } = await engine((_request, response) => {
      response.writeHead(307, { Location: '/v1.41/networks/create' }).end()
    })
    await expect(createWriter(link).createNetwork(spec)).resolves.toMatchObject({ status: 307 })
    expect(heard).toHaveLength(1)
  })
})

describe('after a broken answer the change may have been made', () => {
  const uncertain = { code: 'REACH_CHANGE_UNCERTAIN', exit: 'unknown', seen: expect.stringContaining('may have been') }

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['nobody answers in time', () => undefined, 'REACH_ENGINE_TIMEOUT'],
    ['the connection is cut', (response) => response.socket?.destroy(), 'REACH_ENGINE_GONE'],
    [
      'the answer breaks off',
      (response) => {
        response.writeHead(201, { 'Content-Length': '1000' }).write('{')
        setImmediate(() => response.destroy())
      },
      'REACH_ENGINE_GONE',
    ],
    [
      'the answer does not end',
      (response) => response.writeHead(201).end('x'.repeat(1024 * 1024 + 1)),
      'REACH_ANSWER_TOO_LARGE',
    ],
    ['the answer is no HTTP', (response) => response.socket?.end('SSH-2.0\r\n'), 'REACH_ENGINE_GONE'],
  ])('%s', async (_title, respond, code) => {
    const { link, heard } = await engine((_request, response) => respond(response))
    const failed = createWriter({ ...link, timeoutMs: 300 }).createService(spec)
    await expect(failed).rejects.toMatchObject({ ...uncertain, cause: { code } })
    expect(heard).toEqual([request('POST /v1.41/services/create', spec)])
  })

  test('the connection is known to be lost', async () => {
    const lost = new AbortController()
    const { link } = await engine(() => lost.abort(engineGone('unix:///engine.sock', 'it was restarted')))
    const failed = createWriter({ ...link, signal: lost.signal }).removeNetwork(id)
    await expect(failed).rejects.toMatchObject({ ...uncertain, cause: { code: 'REACH_ENGINE_GONE' } })
  })
})

describe('nothing was changed', () => {
  async function nobody(): Promise<EngineLink> {
    const { link } = await engine(answering(200, {}))
    if (link.way.kind === 'socket') await rm(link.way.socketPath)
    return link
  }

  test('where nobody was reached, and the error does not say otherwise', async () => {
    const failed = createWriter(await nobody()).removeService(id)
    await expect(failed).rejects.toMatchObject({ code: 'REACH_ENGINE_GONE', seen: expect.not.stringContaining('may') })
  })

  test('where the signal came first', async () => {
    const { link, heard } = await engine(answering(201, {}))
    const reason = new Error('called off')
    await expect(createWriter(link).createService(spec, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const gone = createWriter({ ...link, signal: AbortSignal.abort(reason) })
    await expect(gone.createService(spec)).rejects.toBe(reason)
    expect(heard).toEqual([])
  })

  test.each(['', 'pvc-web', '../info', 'a/b', '.', '%2e', 'a?force=1', 'a b'])(
    'by %j, which is no id',
    async (name) => {
      const { link, heard } = await engine(answering(200, {}))
      const writer = createWriter(link)
      const { removeService, removeNetwork, removeConfig, removeSecret, removeContainer } = writer
      for (const remove of [removeService, removeNetwork, removeConfig, removeSecret, removeContainer]) {
        await expect(remove(name)).rejects.toThrow(TypeError)
      }
      await expect(writer.updateConfig(name, 1, spec)).rejects.toThrow(TypeError)
      expect(heard).toEqual([])
    },
  )

  test('by a spec that cannot be sent', async () => {
    const { link, heard } = await engine(answering(201, {}))
    await expect(createWriter(link).createConfig({ Data: 1n })).rejects.toThrow(TypeError)
    expect(heard).toEqual([])
  })

  test('by the reading hand, whatever it is told', async () => {
    const { link, heard } = await engine(answering(200, {}))
    const ask = createAsk(link)
    await expect(ask((docker) => docker.createConfig({}))).rejects.toThrow('the reading hand was told to POST')
    await expect(ask((docker) => docker.getService(id).remove())).rejects.toThrow('told to DELETE')
    expect(heard).toEqual([])
  })
})

test('a request that is called off ends with the reason', async () => {
  const controller = new AbortController()
  const reason = new Error('called off')
  const { link } = await engine(() => controller.abort(reason))
  await expect(createWriter(link).createService(spec, { signal: controller.signal })).rejects.toBe(reason)
})

test('one call makes one request', async () => {
  const made: string[] = []
  const twice = answerTo(
    async (docker) => {
      await docker.version()
      await docker.info()
    },
    async ({ path }) => {
      made.push(path)
      return { what: path, startedAt: '', durationMs: 0, status: 200, body: '' }
    },
  )
  await expect(twice).rejects.toThrow('second request')
  expect(made).toEqual(['/version'])
})

test('the reading hand reads single objects by what engines take for an id', async () => {
  const { link, heard } = await engine(answering(404, { message: 'not found' }))
  const reader = createReader(link)
  await reader.service('a/b')
  await reader.config(id)
  await reader.secret(id)
  await reader.container('a/b')
  await reader.secrets({ filters: { label: ['a=b'] } })
  await reader.services({ status: true, filters: { name: ['x'] } })
  const lines = heard.map((text) => text.split(' HTTP/1.1')[0])
  expect(lines).toEqual([
    'GET /v1.41/services/a%2Fb',
    `GET /v1.41/configs/${id}`,
    `GET /v1.41/secrets/${id}`,
    'GET /v1.41/containers/a%2Fb/json',
    'GET /v1.41/secrets?filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D',
    'GET /v1.41/services?status=true&filters=%7B%22name%22%3A%5B%22x%22%5D%7D',
  ])
})
