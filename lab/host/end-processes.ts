import { pollUntil } from '../../harness/core/poll.ts'
import { killProcess } from './process.ts'

/** Ends what `find` finds, and what comes after it, until it finds nothing. Throws `WAIT_TIMED_OUT` after 10 s. */
export async function endProcesses(find: () => Promise<readonly number[]>, what: string): Promise<void> {
  await pollUntil<void>(
    async () => {
      const found = await find()
      for (const pid of found) killProcess(pid)
      return found.length === 0
        ? { done: true, value: undefined }
        : { done: false, state: `still running: ${found.join(', ')}` }
    },
    { what: `${what} to end`, timeoutMs: 10_000, intervalMs: 5 },
  )
}
