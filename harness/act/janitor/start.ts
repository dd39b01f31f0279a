import { constants } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { joinErrors, messageOf } from '../../core/errors.ts'
import { pollUntil } from '../../core/poll.ts'
import { plain } from '../../core/text.ts'
import { startDetached } from '../../reach/detached.ts'
import { killGroup } from '../../reach/process.ts'
import { makeRuntimeDir } from '../../reach/ssh/runtime-dir.ts'
import type { Connection } from '../../reach/target.ts'
import { janitorLogPath } from '../mark/intent-line.ts'
import { type JanitorClient, meetJanitor } from './client.ts'
import type { JanitorTask } from './protocol.ts'
import { janitorNotStarted } from './trouble.ts'

export interface Janitor extends JanitorClient {
  readonly socketPath: string
  /** Where nobody cleans up any more: what a janitor that was killed has left of its own. */
  removeFiles(): Promise<void>
}

/** Loading its code takes a second, more on a busy machine. */
const startMs = 30_000

/** Starts the janitor of a run, and waits until it has said that it is there. Throws `JANITOR_NOT_STARTED`. */
export async function startJanitor(
  { handle }: Pick<Connection, 'handle'>,
  plan: Omit<JanitorTask, 'address' | 'socketPath' | 'logPath'>,
  signal: AbortSignal,
): Promise<Janitor> {
  const dir = await makeRuntimeDir()
  const socketPath = join(dir, 'janitor')
  const logPath = janitorLogPath(plan.stateDir, plan.run)
  const removeFiles = async (): Promise<void> => {
    await rm(dir, { recursive: true, force: true })
    await rm(logPath, { force: true })
  }
  try {
    // Whatever answers there one day: it is this Swarm, or none, that it may sweep.
    const address = { ...handle.address, cluster: handle.fingerprint.cluster }
    const task: JanitorTask = { ...plan, address, socketPath, logPath }
    const client = await startWith(task, signal)
    return { ...client, socketPath, removeFiles }
  } catch (error) {
    const said = plain(await readFile(logPath, 'utf8').catch(() => ''), 500)
    await removeFiles().catch((also: unknown) => {
      throw joinErrors(error, [also])
    })
    signal.throwIfAborted()
    throw janitorNotStarted(`${messageOf(error)}${said === '' ? '' : `; its log: ${said}`}`, error)
  }
}

async function startWith(task: JanitorTask, signal: AbortSignal): Promise<JanitorClient> {
  await mkdir(dirname(task.logPath), { recursive: true, mode: 0o700 })
  const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const log = await open(task.logPath, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  let ended: string | undefined
  let pid: number
  try {
    const child = await startDetached(entry(), { input: JSON.stringify(task), logFd: log.fd })
    pid = child.pid
    void child.ended.then((how) => {
      ended = how
    })
  } finally {
    await log.close()
  }
  try {
    return await pollUntil(
      async (until) => {
        // Nobody comes any more: not to be tried again.
        if (ended !== undefined) return { done: true, value: undefined }
        return { done: true, value: await meetJanitor(task.socketPath, 'main', until) }
      },
      { what: 'the janitor to be there', timeoutMs: startMs, intervalMs: 25, signal },
    ).then((client) => {
      if (client === undefined) throw new Error(`it ended with ${ended}`)
      return client
    })
  } catch (error) {
    if (ended === undefined) killGroup(pid, 'SIGKILL')
    throw error
  }
}

/** Compiled, wherever this runs from: a process of its own is given nothing else to run. */
function entry(): string {
  const beside = fileURLToPath(new URL('./main.js', import.meta.url))
  return import.meta.url.endsWith('.js')
    ? beside
    : fileURLToPath(new URL('../../../dist/harness/act/janitor/main.js', import.meta.url))
}
