import { PvcheckError } from '../core/errors.ts'
import { systemCode } from '../core/file.ts'
import { pollUntil } from '../core/poll.ts'

const endMs = 10_000

/** Ends processes of ours at once; those that are gone already are no problem. */
export function killWorkers(pids: readonly number[]): void {
  for (const pid of pids) signalled(pid, 'SIGKILL')
}

/** Makes sure that none of them is there any more. Throws `RUN_WORKER_LIVES` where one cannot be ended. */
export async function endWorkers(pids: readonly number[]): Promise<void> {
  await pollUntil(
    async () => {
      const alive = pids.filter((pid) => signalled(pid, 'SIGKILL'))
      return alive.length === 0 ? { done: true, value: undefined } : { done: false, state: `${alive.join(', ')} live` }
    },
    { what: 'the end of the workers', timeoutMs: endMs, intervalMs: 10 },
  ).catch((error: unknown) => {
    throw workerLives(pids, error)
  })
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
