import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { pollUntil } from '../../core/poll.ts'
import { fateOf, type ProcessId, processIdOf } from '../mark/process-id.ts'
import { type FromJanitor, toJanitorSchema } from './protocol.ts'

/** How the main process of a run ended for its janitor. */
export type MainEnd = 'dismissed' | 'left the rest' | 'died'

export interface Attendance {
  /** When main has spoken its last word, or is dead. */
  readonly mainEnd: Promise<MainEnd>
  /** Resolves when no worker can create any more. One that does not end by itself is ended. */
  withoutWorkers(): Promise<void>
  /** Ends all connections: whoever waits for the last word has it by that. */
  close(): Promise<void>
}

/** How long main may take for its first word, milliseconds; it comes at once, or main is dead. */
const firstWordMs = 30_000
/** How long a worker may take to notice that main is dead, and to end by itself. */
const workerMs = 3_000

/** Listens for the processes of the run, and hears when they end: the kernel closes the connections of the dead. */
export async function attend(socketPath: string): Promise<Attendance> {
  const here = lineOf({ say: 'here', ...withProcess(await processIdOf()) })
  const sockets = new Set<Socket>()
  const workers = new Map<Socket, ProcessId | undefined>()
  let isOver = false
  let end: (how: MainEnd) => void = () => undefined
  const mainEnd = new Promise<MainEnd>((resolve) => {
    end = (how) => {
      isOver = true
      resolve(how)
    }
  })
  const never = setTimeout(() => end('died'), firstWordMs)

  const server = createServer((socket) => {
    sockets.add(socket)
    let isMain = false
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      workers.delete(socket)
      if (isMain) end('died')
    })
    const hear = (line: string): void => {
      const said = toJanitorSchema.parse(JSON.parse(line))
      if (said.say !== 'hello') {
        if (isMain) end(said.say === 'dismiss' ? 'dismissed' : 'left the rest')
        return
      }
      if (isOver) {
        socket.destroy()
        return
      }
      if (said.role === 'worker') workers.set(socket, said.process)
      else {
        isMain = true
        clearTimeout(never)
      }
      socket.write(here)
    }
    createInterface({ input: socket })
      .on('line', (line) => {
        try {
          hear(line)
        } catch {
          // Whatever speaks another language is nobody of ours.
          socket.destroy()
        }
      })
      .on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })

  const untilNone = (timeoutMs: number) =>
    pollUntil(
      async () =>
        workers.size === 0 ? { done: true, value: undefined } : { done: false, state: `${workers.size} are there` },
      { what: 'the workers of the run to end', timeoutMs, intervalMs: 50 },
    )

  return {
    mainEnd,
    async withoutWorkers() {
      await untilNone(workerMs).catch(async () => {
        for (const process of workers.values()) await endProcess(process)
        // One that cannot be ended from here hears by this that it must create nothing more.
        for (const socket of workers.keys()) socket.destroy()
        await untilNone(workerMs)
      })
    },
    async close() {
      clearTimeout(never)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Ends that very process, and no other that has its pid by now. */
async function endProcess(id: ProcessId | undefined): Promise<void> {
  if (id !== undefined && (await fateOf(id)) === 'alive') process.kill(id.pid, 'SIGKILL')
}

function withProcess(process: ProcessId | undefined): { readonly process?: ProcessId } {
  return process === undefined ? {} : { process }
}

function lineOf(said: FromJanitor): string {
  return `${JSON.stringify(said)}\n`
}
