import { setMaxListeners } from 'node:events'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import type { ActingHandle } from '../act/life/acting.ts'
import { PvcheckError } from '../core/errors.ts'
import type { Recorder } from '../model/record.ts'
import { ActingDenied } from './denial.ts'
import { lineOf, type Reply, type Request, replySchema } from './protocol.ts'

export interface RecorderClient extends Recorder {
  /** Aborts with a `PvcheckError` as reason once the target, or the main process, is gone. */
  readonly lost: AbortSignal
  /**
   * Asks to be let act on the target; asked again, it is the same licence. Throws `ActingDenied` where this run may not,
   * and `RUN_MAIN_GONE`.
   */
  act(): Promise<ActingHandle>
  /** Tells a person what is being waited for. */
  progress(text: string): void
  close(): void
}

type Answer = Exclude<Reply, { type: 'lost' }>

interface Pending {
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** A worker's way to the main process of the run. `append` throws `RUN_RECORD_REFUSED` or `RUN_MAIN_GONE`. */
export async function connectRecorder(socketPath: string): Promise<RecorderClient> {
  const socket = createConnection(socketPath)
  const pending = new Map<number, Pending>()
  const lost = new AbortController()
  // Every request under way listens, and Node takes more than ten for a leak.
  setMaxListeners(0, lost.signal)
  let lastId = 0

  const end = (cause: unknown): void => {
    const gone = mainGone(cause)
    for (const { reject } of pending.values()) reject(gone)
    pending.clear()
    if (!lost.signal.aborted) lost.abort(gone)
  }
  const onLine = (line: string): void => {
    const reply = replySchema.parse(JSON.parse(line))
    if (reply.type === 'lost') {
      if (!lost.signal.aborted) lost.abort(new PvcheckError({ ...reply.problem, exit: 'unknown' }))
      return
    }
    pending.get(reply.id)?.resolve(reply)
    pending.delete(reply.id)
  }

  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', (error) => reject(mainGone(error)))
  })
  socket.on('error', end)
  socket.on('close', () => end(undefined))
  // It passes the errors of its input on, and somebody has to listen.
  createInterface({ input: socket }).on('line', onLine).on('error', end)

  const ask = (request: (id: number) => Request): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) {
        reject(mainGone(undefined))
        return
      }
      lastId += 1
      pending.set(lastId, { resolve, reject })
      socket.write(lineOf(request(lastId)))
    })

  return {
    lost: lost.signal,
    append: async (body) => {
      const answer = await ask((id) => ({ type: 'append', id, body }))
      if (answer.type === 'saved') return answer.seq
      throw recordRefused(answer.type === 'refused' ? answer.why : `the answer was "${answer.type}"`)
    },
    act: async () => {
      const answer = await ask((id) => ({ type: 'act', id }))
      if (answer.type === 'acting') return answer.handle
      throw answer.type === 'denied' ? new ActingDenied(answer.problem) : mainGone(answer.type)
    },
    progress: (text) => {
      if (!socket.destroyed) socket.write(lineOf({ type: 'progress', text }))
    },
    close: () => socket.destroy(),
  }
}

function mainGone(cause: unknown): PvcheckError {
  return new PvcheckError({
    code: 'RUN_MAIN_GONE',
    seen: 'the process that writes the evidence closed the connection',
    wanted: 'every record on disk before it is judged',
    remedy: 'Run it again; specs run under `pvcheck verify` or `npx vitest run`, not alone.',
    cause,
  })
}

function recordRefused(why: string): PvcheckError {
  return new PvcheckError({
    code: 'RUN_RECORD_REFUSED',
    seen: `the record was not saved: ${why}`,
    wanted: 'every record on disk before it is judged',
    remedy: 'Look at the free space and the permissions of the reports folder.',
  })
}
