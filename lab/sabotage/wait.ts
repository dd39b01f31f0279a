import { pollUntil } from '../../harness/core/poll.ts'
import { execOn, type LabMachine } from '../host/machine.ts'

/** Runs a test on the host until it succeeds; what it printed last is the last state. Throws WAIT_TIMED_OUT. */
export async function waitOn(
  machine: LabMachine,
  test: string,
  { what, signal, timeoutMs = 60_000 }: { what: string; signal: AbortSignal; timeoutMs?: number },
): Promise<void> {
  await pollUntil<true>(
    async (until) => {
      const { exitCode, stdout, stderr } = await execOn(machine, test, { signal: until })
      if (exitCode === 0) return { done: true, value: true }
      return { done: false, state: `${stdout}${stderr}`.trim() || `exit code ${exitCode}` }
    },
    { what, signal, timeoutMs, intervalMs: 50 },
  )
}
