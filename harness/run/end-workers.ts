import { fateOf, type ProcessId } from '../act/mark/process-id.ts'
import { PvcheckError } from '../core/errors.ts'
import { systemCode } from '../core/file.ts'
import { pollUntil } from '../core/poll.ts'

const endMs = 10_000

/** Ends processes of ours at once; those that are gone already are no problem. */
export function killWorkers(pids: readonly number[]): void {
  for (const pid of pids) signalled(pid, 'SIGKILL')
}

/** A process of ours; by its pid alone it would be taken for whoever is given that pid after it. */
export interface WorkerProcess {
  readonly pid: number
  /** Undefined where the kernel does not tell. */
  readonly process: ProcessId | undefined
}

/** Makes sure that none of them is there any more. Throws `RUN_WORKER_LIVES` where one cannot be ended. */
export async function endWorkers(workers: readonly WorkerProcess[]): Promise<void> {
  const pids = workers.map(({ pid }) => pid)
  await pollUntil(
    async () => {
      const alive: number[] = []
      for (const worker of workers) if (await isEnding(worker)) alive.push(worker.pid)
      return alive.length === 0 ? { done: true, value: undefined } : { done: false, state: `${alive.join(', ')} live` }
    },
    { what: 'the end of the workers', timeoutMs: endMs, intervalMs: 10 },
  ).catch((error: unknown) => {
    throw workerLives(pids, error)
  })
}

/** Kills it where it is still there; whether it was. */
async function isEnding({ pid, process }: WorkerProcess): Promise<boolean> {
  if (process !== undefined && (await fateOf(process)) === 'gone') return false
  return signalled(pid, 'SIGKILL')
}

/** Whether there was such a process. */
function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false
    throw error
  }
}

function workerLives(pids: readonly number[], cause: unknown): PvcheckError {
  return new PvcheckError({
    code: 'RUN_WORKER_LIVES',
    seen: `of the workers ${pids.join(', ')} some could not be ended within ${endMs / 1000} s`,
    wanted: 'nobody who might still create something, before what is there is swept',
    remedy:
      'See what holds them (`ps`, state D is a disk or a mount that hangs); then `pvcheck sweep` removes what is left.',
    exit: 'residue',
    cause,
  })
}
