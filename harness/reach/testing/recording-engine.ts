import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineLink } from '../engine/link.ts'

export interface RecordingEngine {
  readonly link: EngineLink
  /** What came in, byte for byte; one text for each connection. */
  readonly heard: readonly string[]
}

/** An HTTP server on a socket of its own that writes down all that it is told; `atEnd` takes what ends it. */
export async function recordingEngine(
  listener: RequestListener,
  atEnd: (close: () => Promise<void>) => void,
): Promise<RecordingEngine> {
  const dir = await mkdtemp(join(tmpdir(), 'pvcheck-engine-'))
  const socketPath = join(dir, 'engine.sock')
  const heard: string[] = []
  const server = createServer(listener).on('connection', (socket) => {
    const at = heard.push('') - 1
    socket.on('data', (bytes) => {
      heard[at] += bytes.toString('utf8')
    })
  })
  atEnd(async () => {
    server.close()
    server.closeAllConnections()
    await rm(dir, { recursive: true, force: true })
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  const agent = new Agent({ keepAlive: false })
  const way = { kind: 'socket', socketPath, agent } as const
  return { link: { way, label: 'unix:///engine.sock', apiVersion: '1.41', timeoutMs: 2000 }, heard }
}

/** A listener that gives everybody the same answer. */
export function answering(status: number, body: unknown): RequestListener {
  return (request, response) => {
    request.resume().on('end', () => response.writeHead(status).end(body === undefined ? '' : JSON.stringify(body)))
  }
}
