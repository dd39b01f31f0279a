/**
 * Preloaded into every worker (`--import .../worker-guard.js?socket=...`), before anything of Vitest.
 * A Ctrl-C reaches the whole process group, and Vitest's forks would die of it in mid-test: the main process alone decides.
 * And a worker must not outlive its run: the connection to the main process ends with it, whatever way it died.
 */
import { createConnection } from 'node:net'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import type { Request } from './protocol.ts'

/** How long a worker may take to end by itself; a test that is stuck in synchronous code never does. */
const graceMs = 1_000

if (isMainThread) guardProcess(new URL(import.meta.url).searchParams.get('socket') ?? '')
else guardThread(String(workerData))

function guardProcess(socketPath: string): void {
  process.on('SIGINT', () => undefined)
  process.on('SIGHUP', () => undefined)
  process.on('SIGTERM', () => {
    // Vitest ends a worker that has finished with SIGTERM, too; by then it has taken its ears off.
    if (process.listenerCount('message') === 0) process.exit()
  })
  const exit = process.exit.bind(process)
  // Spelled out here, as the schemas would cost every worker their loading time.
  const hello: Request = { type: 'guard', pid: process.pid }
  const socket = createConnection(socketPath, () => socket.write(`${JSON.stringify(hello)}\n`))
  socket.on('error', () => socket.destroy())
  // The real `exit`: Vitest replaces it while tests run. It also lets children of this process be ended.
  socket.on('close', () => exit(1))
  socket.unref()
  // Execution arguments are inherited by threads unless said otherwise.
  const thread = new Worker(new URL(import.meta.url), { workerData: socketPath, execArgv: [], stdin: false })
  thread.on('error', () => exit(1))
  thread.unref()
}

function guardThread(socketPath: string): void {
  const socket = createConnection(socketPath)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs))
}
