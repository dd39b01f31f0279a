import { type LabMachine, runOn } from '../host/machine.ts'

/** Swarm keeps the last 500 entries for managers that lag behind. */
const entriesKept = 500

/**
 * Makes the Swarm forget its former managers. A manager that joins goes through the whole log of the Swarm, and tries to
 * reach each manager that ever was, for seconds; so the log is pushed over its limit, into a snapshot.
 */
export async function forgetManagers(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await runOn(machine, 'docker swarm update --snapshot-interval 50', { signal })
  const pairs = Array.from({ length: entriesKept / 2 + 50 }, (_, index) => createAndDelete(`sabotage-${index}`))
  const curl = 'curl --silent --show-error --config -'
  await runOn(machine, curl, { stdin: pairs.flat().join('next\n'), signal })
  await runOn(machine, 'docker swarm update --snapshot-interval 10000', { signal })
}

/** Two sections of a configuration for curl. */
function createAndDelete(name: string): string[] {
  const common = 'unix-socket = /run/docker.sock\noutput = /dev/null\nfail\n'
  const body = JSON.stringify({ Name: name, Data: 'eA==' }).replaceAll('"', '\\"')
  return [
    `${common}url = http://docker/v1.41/configs/create\nheader = "Content-Type: application/json"\ndata = "${body}"\n`,
    `${common}url = http://docker/v1.41/configs/${name}\nrequest = DELETE\n`,
  ]
}
