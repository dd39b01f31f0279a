import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pollUntil } from '../core/poll.ts'
import type { RecordBody, Recorder } from '../model/record.ts'
import { connectRecorder, type RecorderClient } from './recorder-client.ts'
import { type RecorderServer, serveRecorder } from './recorder-server.ts'

const skip = (check: string): RecordBody => ({ kind: 'skip', check, title: 't', reason: 'r' })

async function connected(recorder: Recorder, faults: unknown[] = []): Promise<[RecorderServer, RecorderClient]> {
  const server = await serveRecorder(recorder, { onFault: (fault) => faults.push(fault) })
  onTestFinished(async () => server[Symbol.asyncDispose]())
  const client = await connectRecorder(server.socketPath)
  onTestFinished(() => client.close())
  return [server, client]
}

function inMemory(): Recorder & { readonly bodies: RecordBody[] } {
  const bodies: RecordBody[] = []
  return { bodies, append: async (body) => bodies.push(body) }
}

test('a record is acknowledged with its number, and records keep their order', async () => {
  const recorder = inMemory()
  const [, client] = await connected(recorder)
  const names = Array.from({ length: 50 }, (_, index) => `PV-${index}`)
  const seqs = await Promise.all(names.map((name) => client.append(skip(name))))
  expect(seqs).toEqual(names.map((_, index) => index + 1))
  expect(recorder.bodies).toEqual(names.map(skip))
})

test('a record of several megabytes arrives whole', async () => {
  const recorder = inMemory()
  const [, client] = await connected(recorder)
  const raw = 'ü\n'.repeat(2_000_000)
  await client.append({ kind: 'observation', fact: 'journal', asks: [], raw })
  expect(recorder.bodies).toMatchObject([{ raw }])
})

test('the socket is in a folder that only its owner can enter, and both are gone afterwards', async () => {
  const server = await serveRecorder(inMemory())
  const folder = dirname(server.socketPath)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  await server[Symbol.asyncDispose]()
  await expect(stat(folder)).rejects.toThrow('ENOENT')
})

test('a record that cannot be saved is refused, with the reason', async () => {
  const [, client] = await connected({ append: async () => Promise.reject(new Error('no space left')) })
  await expect(client.append(skip('PV-1'))).rejects.toMatchObject({
    code: 'RUN_RECORD_REFUSED',
    seen: 'the record was not saved: no space left',
  })
})

test('when the main process goes, what waits is rejected and nothing more is sent', async () => {
  const [server, client] = await connected({ append: () => new Promise(() => undefined) })
  const waiting = expect(client.append(skip('PV-1'))).rejects.toMatchObject({ code: 'RUN_MAIN_GONE' })
  await server[Symbol.asyncDispose]()
  await waiting
  expect(client.lost.aborted).toBe(true)
  await expect(client.append(skip('PV-2'))).rejects.toMatchObject({ code: 'RUN_MAIN_GONE' })
})

test('workers hear the first cause when the target is lost, also those that come later', async () => {
  const [server, client] = await connected(inMemory())
  const problem = { code: 'REACH_SSH_LOST', seen: 'ssh ended', wanted: 'ssh', remedy: 'Look.' }
  server.announceLost(problem)
  server.announceLost({ ...problem, code: 'LATER' })
  const late = await connectRecorder(server.socketPath)
  onTestFinished(() => late.close())
  for (const { lost } of [client, late]) {
    if (!lost.aborted) await once(lost, 'abort')
    expect(lost.reason).toMatchObject(problem)
  }
})

test('a guard is known by its process id while it is connected', async () => {
  const [server] = await connected(inMemory())
  const guard = createConnection(server.socketPath)
  guard.write(`${JSON.stringify({ type: 'guard', pid: 4711 })}\n`)
  const until = (count: number) =>
    pollUntil(
      async () =>
        server.workers().length === count ? { done: true, value: server.workers() } : { done: false, state: 'other' },
      { what: `${count} workers`, timeoutMs: 2_000, intervalMs: 5 },
    )
  expect(await until(1)).toEqual([4711])
  guard.destroy()
  expect(await until(0)).toEqual([])
})

test('who does not speak the protocol is reported and cut off', async () => {
  const faults: unknown[] = []
  const [server] = await connected(inMemory(), faults)
  const stranger = createConnection(server.socketPath)
  stranger.write('{"type":"append","id":1,"body":{"kind":"nonsense"}}\n')
  await once(stranger, 'close')
  expect(faults).toHaveLength(1)
})
