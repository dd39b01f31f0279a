import { Agent, createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { decodeLog } from './log-stream.ts'
import { createReader } from './read.ts'
import type { EngineReader } from './reader.ts'

/** A frame as the engine makes it for each message. */
function frame(stream: number, text: string): Buffer {
  const body = Buffer.from(text)
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(body.length, 4)
  return Buffer.concat([header, body])
}

async function readerOf(listener: RequestListener): Promise<EngineReader> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const way = { kind: 'tcp', protocol: 'http', host: '127.0.0.1', port, agent: new Agent() } as const
  return createReader({ way, label: 'test', apiVersion: '1.41', timeoutMs: 2000 })
}

test('frames are taken apart by their lengths, whatever is in them', () => {
  // 200 bytes and more: a length that is no UTF-8 by itself.
  const long = `2026-11-20T12:00:01.000000000Z ${'ä'.repeat(100)}`
  const log = Buffer.concat([
    frame(1, '2026-11-20T12:00:00.000000000Z poll ok\n'),
    frame(2, `${long}\n`),
    frame(3, 'Error grabbing logs: node x is not available\n'),
    frame(1, '2026-11-20T12:00:02.000000000Z \u0001\u0000\u0000\u0000 within\n'),
  ])
  expect(decodeLog(log)).toEqual([
    { stream: 'stdout', text: '2026-11-20T12:00:00.000000000Z poll ok' },
    { stream: 'stderr', text: long },
    { stream: 'system', text: 'Error grabbing logs: node x is not available' },
    { stream: 'stdout', text: '2026-11-20T12:00:02.000000000Z \u0001\u0000\u0000\u0000 within' },
  ])
})

test('the log of a container with a terminal is its lines', () => {
  const log =
    '2026-11-20T12:00:00.000000000Z poll ok\r\n2026-11-20T12:00:01.000000000Z again\r\nError grabbing logs: x\n'
  expect(decodeLog(Buffer.from(log))).toEqual([
    { stream: 'stdout', text: '2026-11-20T12:00:00.000000000Z poll ok' },
    { stream: 'stdout', text: '2026-11-20T12:00:01.000000000Z again' },
    { stream: 'system', text: 'Error grabbing logs: x' },
  ])
})

test('no log has no lines', () => {
  expect(decodeLog(Buffer.alloc(0))).toEqual([])
})

test('what is no frame after a frame is told, and not taken for lines', () => {
  const log = Buffer.concat([frame(1, 'one\n'), Buffer.from('2026-11-20T12:00:00Z two\n')])
  expect(decodeLog(log)).toEqual([
    { stream: 'stdout', text: 'one' },
    { stream: 'system', text: expect.stringContaining('stream 50') },
  ])
})

test('the reading hand asks for the newest lines with their times', async () => {
  const asked: (string | undefined)[] = []
  const engine = await readerOf(({ method, url }, response) => {
    asked.push(`${method} ${url}`)
    response.end(frame(1, 'one\n'))
  })
  const answer = await engine.serviceLogs('abc', { tail: 20 })
  expect(asked).toEqual(['GET /v1.41/services/abc/logs?stdout=true&stderr=true&timestamps=true&tail=20'])
  expect(answer).toMatchObject({ status: 200, body: [{ stream: 'stdout', text: 'one' }] })
})

test('a refusal is what the engine says, and no log', async () => {
  const engine = await readerOf((_, response) => response.writeHead(404).end('{"message":"service abc not found"}'))
  const answer = await engine.serviceLogs('abc', { tail: 20 })
  expect(answer).toMatchObject({ status: 404, body: { message: 'service abc not found' } })
})
