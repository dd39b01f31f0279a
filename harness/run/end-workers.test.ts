import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { processIdOf } from '../act/mark/process-id.ts'
import { endWorkers, type WorkerProcess } from './end-workers.ts'

async function start(): Promise<{ readonly worker: WorkerProcess; readonly isThere: () => boolean }> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' })
  await once(child, 'spawn')
  onTestFinished(() => void child.kill('SIGKILL'))
  const { pid } = child
  if (pid === undefined) throw new Error('it was not started')
  const isThere = (): boolean => child.exitCode === null && child.signalCode === null
  return { worker: { pid, process: await processIdOf(pid) }, isThere }
}

test('a worker that is still there is ended, and one that has ended is no problem', async () => {
  const { worker, isThere } = await start()
  await endWorkers([worker])
  await endWorkers([worker])
  expect(isThere()).toBe(false)
})

test('somebody else who was given the pid of a worker that has ended is left alone', async () => {
  const { worker, isThere } = await start()
  if (worker.process === undefined) throw new Error('this kernel does not tell its processes apart')
  const earlier = { ...worker.process, startTicks: worker.process.startTicks - 100 }
  await endWorkers([{ pid: worker.pid, process: earlier }])
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isThere()).toBe(true)
})
