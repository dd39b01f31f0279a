import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { processIdOf } from '../mark/process-id.ts'
import { type Attendance, attend } from './attend.ts'
import { meetJanitor } from './client.ts'

const never = new AbortController().signal
let dir: string
let socketPath: string
let attendance: Attendance

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pvj-'))
  socketPath = join(dir, 'janitor')
  attendance = await attend(socketPath)
})
afterEach(async () => {
  await attendance.close()
  await rm(dir, { recursive: true, force: true })
})

/** What there is to say of main by now. */
const soFar = () => Promise.race([attendance.mainEnd, new Promise((resolve) => setTimeout(resolve, 50, 'there'))])

test('says which process it is', async () => {
  await using main = await meetJanitor(socketPath, 'main', never)
  expect(main.process).toEqual(await processIdOf())
})

describe('main', () => {
  test('is dead when its connection ends, and not before', async () => {
    const main = await meetJanitor(socketPath, 'main', never)
    expect(await soFar()).toBe('there')
    await main[Symbol.asyncDispose]()
    await expect(attendance.mainEnd).resolves.toBe('died')
    expect(main.gone.aborted).toBe(false)
  })

  test.each([
    ['dismiss', 'dismissed'],
    ['sweep', 'left the rest'],
  ] as const)('says %s, and hears by the end of the connection that it was heard', async (word, how) => {
    const main = await meetJanitor(socketPath, 'main', never)
    const told = main.tell(word)
    await expect(attendance.mainEnd).resolves.toBe(how)
    await attendance.close()
    await told
    expect(main.gone.aborted).toBe(false)
    // Once more, it is heard by nobody, and nobody waits.
    await main.tell(word)
  })

  test('is not a worker that ends, nor one that says so', async () => {
    await using _main = await meetJanitor(socketPath, 'main', never)
    const worker = await meetJanitor(socketPath, 'worker', never)
    const socket = createConnection(socketPath)
    socket.write('{"say":"dismiss"}\n')
    await worker[Symbol.asyncDispose]()
    expect(await soFar()).toBe('there')
    socket.destroy()
  })
})

test.each(['GET / HTTP/1.1', '{"say":"hello","role":"king"}', '{}', 'null'])(
  'whoever says %j is shown out, and all others stay',
  async (line) => {
    await using _main = await meetJanitor(socketPath, 'main', never)
    const socket = createConnection(socketPath)
    socket.on('error', () => undefined)
    const closed = once(socket, 'close')
    socket.write(`${line}\n`)
    await closed
    expect(await soFar()).toBe('there')
  },
)

test('once main is dead it waits for the workers to end', async () => {
  const main = await meetJanitor(socketPath, 'main', never)
  const worker = await meetJanitor(socketPath, 'worker', never)
  await main[Symbol.asyncDispose]()
  await attendance.mainEnd
  const waiting = attendance.withoutWorkers().then(() => 'none')
  expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 100, 'one'))])).toBe('one')
  await worker[Symbol.asyncDispose]()
  expect(await waiting).toBe('none')
})

test('nobody joins a run whose main is dead', async () => {
  const main = await meetJanitor(socketPath, 'main', never)
  await main[Symbol.asyncDispose]()
  await attendance.mainEnd
  await expect(meetJanitor(socketPath, 'worker', never)).rejects.toMatchObject({ code: 'JANITOR_GONE' })
})

test('a janitor that ends is missed at once', async () => {
  await using worker = await meetJanitor(socketPath, 'worker', never)
  const gone = once(worker.gone, 'abort')
  await attendance.close()
  await gone
  expect(worker.gone.reason).toMatchObject({ code: 'JANITOR_GONE' })
})

test('where nobody listens there is none', async () => {
  const missing = meetJanitor(join(dir, 'nobody'), 'worker', never)
  await expect(missing).rejects.toMatchObject({ code: 'JANITOR_GONE', seen: expect.stringContaining('ENOENT') })
})

test('whoever has called it off does not wait', async () => {
  const called = meetJanitor(socketPath, 'worker', AbortSignal.abort(new Error('called off')))
  await expect(called).rejects.toThrow('called off')
})
