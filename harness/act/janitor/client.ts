import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { messageOf } from '../../core/errors.ts'
import { type ProcessId, processIdOf } from '../mark/process-id.ts'
import { fromJanitorSchema, type ToJanitor } from './protocol.ts'
import { janitorGone } from './trouble.ts'

/** A process's connection to the janitor of its run. */
export interface JanitorClient extends AsyncDisposable {
  /** Aborts with `JANITOR_GONE` when the connection ends by itself. */
  readonly gone: AbortSignal
  readonly process: ProcessId | undefined
  /**
   * Says it, and resolves when the janitor has ended the connection: by then it has heard it. One that is gone hears
   * nothing any more, as `gone` tells.
   */
  tell(word: 'dismiss' | 'sweep'): Promise<void>
}

/** How long a janitor may take for an answer. */
const answerMs = 10_000

/** Resolves when the janitor has said that it is there. Throws `JANITOR_GONE`, or the signal's reason. */
export async function meetJanitor(
  socketPath: string,
  role: 'main' | 'worker',
  signal: AbortSignal,
): Promise<JanitorClient> {
  signal.throwIfAborted()
  const until = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
  const gone = new AbortController()
  const socket = createConnection(socketPath)
  let closing = false
  let seen = 'it has closed the connection'
  socket.on('error', (error) => {
    seen = messageOf(error)
  })
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      if (!closing) gone.abort(janitorGone(seen))
      resolve()
    })
  })
  try {
    const here = await answerOf(socket, { role, process: await processIdOf() }, AbortSignal.any([until, gone.signal]))
    // What is connected does not keep a process alive that has nothing else to do.
    socket.unref()
    return {
      gone: gone.signal,
      process: here.process,
      async tell(word) {
        if (socket.destroyed) return
        closing = true
        socket.ref()
        socket.write(lineOf({ say: word }))
        const late = setTimeout(() => socket.destroy(janitorGone(`it did not answer within ${answerMs} ms`)), answerMs)
        await closed.finally(() => clearTimeout(late))
      },
      async [Symbol.asyncDispose]() {
        closing = true
        socket.destroy()
        await closed
      },
    }
  } catch (error) {
    closing = true
    socket.destroy()
    await closed
    signal.throwIfAborted()
    throw until.aborted ? janitorGone(`it did not say within ${answerMs} ms that it is there`, error) : error
  }
}

async function answerOf(
  socket: Socket,
  { role, process }: { readonly role: 'main' | 'worker'; readonly process: ProcessId | undefined },
  signal: AbortSignal,
) {
  const lines = createInterface({ input: socket }).on('error', () => undefined)
  const answered = once(lines, 'line', { signal })
  socket.write(lineOf({ say: 'hello', role, ...(process === undefined ? {} : { process }) }))
  try {
    const [line] = await answered
    return fromJanitorSchema.parse(JSON.parse(String(line)))
  } catch (error) {
    signal.throwIfAborted()
    throw janitorGone('what answered is no janitor', error)
  }
}

function lineOf(said: ToJanitor): string {
  return `${JSON.stringify(said)}\n`
}
