import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { messageOf } from '../core/errors.ts'
import type { Recorder } from '../model/record.ts'
import { lineOf, type PlainProblem, type Reply, requestSchema } from './protocol.ts'

export interface RecorderServer extends AsyncDisposable {
  readonly socketPath: string
  /** Process ids of the workers that are connected now. */
  workers(): readonly number[]
  /** Tells all workers, and those to come, that the target is gone. */
  announceLost(problem: PlainProblem): void
}

/**
 * Lets worker processes append to `recorder` over a socket that only this user can reach.
 * Whoever loses the connection knows that the run is over. `onFault` hears of a worker that does not speak the protocol.
 */
export async function serveRecorder(
  recorder: Recorder,
  onFault: (fault: unknown) => void = () => undefined,
): Promise<RecorderServer> {
  const dir = await mkdtemp(join(tmpdir(), 'pvcheck-'))
  const socketPath = join(dir, 'run.sock')
  const sockets = new Set<Socket>()
  const guards = new Map<Socket, number>()
  let lost: PlainProblem | undefined

  const reply = (socket: Socket, message: Reply): void => {
    if (!socket.destroyed) socket.write(lineOf(message))
  }
  const serve = async (socket: Socket, line: string): Promise<void> => {
    const request = requestSchema.parse(JSON.parse(line))
    if (request.type === 'guard') {
      guards.set(socket, request.pid)
      return
    }
    const { id } = request
    await recorder.append(request.body).then(
      (seq) => reply(socket, { type: 'saved', id, seq }),
      (error: unknown) => reply(socket, { type: 'refused', id, why: messageOf(error) }),
    )
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      guards.delete(socket)
    })
    if (lost !== undefined) reply(socket, { type: 'lost', problem: lost })
    const lines = createInterface({ input: socket })
    // It passes the errors of its input on, and somebody has to listen.
    lines.on('error', () => socket.destroy())
    lines.on('line', (line) => {
      serve(socket, line).catch((fault: unknown) => {
        onFault(fault)
        socket.destroy()
      })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, () => resolve())
  }).catch(async (error: unknown) => {
    await rm(dir, { recursive: true, force: true })
    throw error
  })

  return {
    socketPath,
    workers: () => [...guards.values()],
    announceLost: (problem) => {
      if (lost !== undefined) return
      lost = problem
      for (const socket of sockets) reply(socket, { type: 'lost', problem })
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      await rm(dir, { recursive: true, force: true })
    },
  }
}
