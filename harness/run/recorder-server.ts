import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ActingHandle } from '../act/life/acting.ts'
import { processIdOf } from '../act/mark/process-id.ts'
import { messageOf, PvcheckError } from '../core/errors.ts'
import type { Recorder } from '../model/record.ts'
import { denialOf } from './denial.ts'
import type { WorkerProcess } from './end-workers.ts'
import { lineOf, type PlainProblem, type Reply, requestSchema } from './protocol.ts'

export interface RecorderServer extends AsyncDisposable {
  readonly socketPath: string
  /** Process ids of the workers that are connected now. */
  workers(): readonly number[]
  /** All workers that there have been; one that is not connected any more need not have ended. */
  everyWorker(): Promise<readonly WorkerProcess[]>
  /** Tells all workers, and those to come, that the target is gone. */
  announceLost(problem: PlainProblem): void
}

export interface ServeOptions {
  /** Hears of a worker that does not speak the protocol. */
  readonly onFault?: (fault: unknown) => void
  /** Begins to act, or goes on. What it throws reaches the worker, and has been recorded. */
  readonly act?: () => Promise<ActingHandle>
  readonly onProgress?: (text: string) => void
}

/**
 * Lets worker processes append to `recorder` over a socket that only this user can reach.
 * Whoever loses the connection knows that the run is over.
 */
export async function serveRecorder(
  recorder: Recorder,
  { onFault = () => undefined, act = nobodyActs, onProgress = () => undefined }: ServeOptions = {},
): Promise<RecorderServer> {
  const dir = await mkdtemp(join(tmpdir(), 'pvcheck-'))
  const socketPath = join(dir, 'run.sock')
  const sockets = new Set<Socket>()
  const guards = new Map<Socket, number>()
  // Whoever is given the pid of another one proves by that that the other one has ended.
  const everyWorker = new Map<number, Promise<WorkerProcess>>()
  let lost: PlainProblem | undefined

  const reply = (socket: Socket, message: Reply): void => {
    if (!socket.destroyed) socket.write(lineOf(message))
  }
  const serve = async (socket: Socket, line: string): Promise<void> => {
    const request = requestSchema.parse(JSON.parse(line))
    if (request.type === 'guard') {
      guards.set(socket, request.pid)
      everyWorker.set(request.pid, identify(request.pid))
      return
    }
    if (request.type === 'progress') return onProgress(request.text)
    if (request.type === 'act') {
      await act().then(
        (handle) => reply(socket, { type: 'acting', id: request.id, handle }),
        (error: unknown) => reply(socket, { type: 'denied', id: request.id, problem: denialOf(error) }),
      )
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
    everyWorker: () => Promise.all(everyWorker.values()),
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

/** Of a worker that is gone already, or that cannot be read, only the number is known. */
async function identify(pid: number): Promise<WorkerProcess> {
  return { pid, process: await processIdOf(pid).catch(() => undefined) }
}

function nobodyActs(): Promise<never> {
  return Promise.reject(
    new PvcheckError({
      code: 'RUN_MAY_NOT_ACT',
      seen: 'a spec wanted to act on the target in a run that only asks',
      wanted: 'acting specs in `pvcheck verify` alone, which cleans up after them',
      remedy: 'This is a fault of pvcheck: please report it.',
    }),
  )
}
