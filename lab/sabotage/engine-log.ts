import { type LabMachine, runOn } from '../host/machine.ts'
import { waitOn } from './wait.ts'

/** What the running dockerd printed; nothing of its containers. */
const ownLines =
  'journalctl --quiet --output=cat _TRANSPORT=stdout _SYSTEMD_INVOCATION_ID=$(systemctl show --property=InvocationID --value docker.service)'

/** Several hands removed one network at once, and met. */
const race = 'remove failed: error while removing network|for deletion: .*key modified'

const startedAt = '$(date --date="$(systemctl show --property=ExecMainStartTimestamp --value docker.service)" +%s)'

/** While it starts, dockerd clears networks away and logs such lines as well; they tell nothing. */
const warmUpSeconds = 60

export async function waitForLine(machine: LabMachine, text: string, signal: AbortSignal): Promise<void> {
  await waitOn(machine, `${ownLines} | grep --quiet '${text}'`, { what: `dockerd to log "${text}"`, signal })
}

export async function waitForWarmEngine(machine: LabMachine, signal: AbortSignal): Promise<void> {
  const test = `up=$(($(date +%s) - ${startedAt})) && echo "up $up s" && [ $up -gt ${warmUpSeconds} ]`
  await waitOn(machine, test, { what: 'dockerd to have been up for a minute', timeoutMs: 90_000, signal })
}

export async function hasRaced(machine: LabMachine, signal: AbortSignal): Promise<boolean> {
  const lines = `${ownLines} --since=@$((${startedAt} + ${warmUpSeconds}))`
  const count = await runOn(machine, `${lines} | grep --count --extended-regexp '${race}' || true`, { signal })
  return count.trim() !== '0'
}

/** Another node led since this dockerd was started: only after that is it elected once more. */
export async function wasElectedLate(machine: LabMachine, signal: AbortSignal): Promise<boolean> {
  const count = await runOn(machine, `${ownLines} | grep --count 'became leader at term' || true`, { signal })
  return Number(count.trim()) > 1
}
