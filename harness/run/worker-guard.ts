/**
 * Preloaded into every worker (`--import .../worker-guard.js?socket=...`), before anything of Vitest.
 * A Ctrl-C reaches the whole process group, and Vitest's forks would die of it in mid-test: the main process alone decides.
 * And a worker must not outlive its run: the connection to the main process ends with it, whatever way it died.
 */
import { rmdirSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { dirname } from 'node:path'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import type { Request } from './protocol.ts'

/** How long a worker may take to end by itself; a test that is stuck in synchronous code never does. */
const graceMs = 1_000

if (isMainThread) guardProcess(new URL(import.meta.url).searchParams.get('socket') ?? '')
else guardThread(String(workerData))

function guardProcess(socketPath: string): void {
  const exit = process.exit.bind(process)
  process.on('SIGINT', () => undefined)
  process.on('SIGHUP', () => undefined)
  process.on('SIGTERM', () => {
    // Vitest ends a worker that has finished with SIGTERM, too; by then it has taken its ears off.
    if (process.listenerCount('message') === 0) exit()
  })
  // Spelled out here, as the schemas would cost every worker their loading time.
  const hello: Request = { type: 'guard', pid: process.pid }
  const socket = createConnection(socketPath, () => socket.write(`${JSON.stringify(hello)}\n`))
  socket.on('error', () => socket.destroy())
  // The real `exit`: Vitest replaces it while tests run. It also lets children of this process be ended.
  socket.on('close', () => {
    removeSocket(socketPath)
    exit(1)
  })
  socket.unref()
  // Execution arguments are inherited by threads unless said otherwise.
  const thread = new Worker(new URL(import.meta.url), { workerData: socketPath, execArgv: [], stdin: false })
  thread.on('error', () => exit(1))
  thread.unref()
}

function guardThread(socketPath: string): void {
  const socket = createConnection(socketPath)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    removeSocket(socketPath)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs)
  })
}

/** A main process that was killed leaves its socket behind; one that ended by itself has removed it already. */
function removeSocket(socketPath: string): void {
  rmSync(socketPath, { force: true })
  try {
    rmdirSync(dirname(socketPath))
  } catch {
    // Gone already, or not empty and so not ours to remove.
  }
}
