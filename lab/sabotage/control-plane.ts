import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deployStacks, rootCaFile, waitForRoutes } from '../guest/deploy/deploy.ts'
import { labStacks } from '../guest/deploy/routes.ts'
import { type LabMachine, runOn } from '../host/machine.ts'
import { readRecord } from '../host/record.ts'
import { waitForLiveTasks } from './task.ts'
import { waitOn } from './wait.ts'

export const allStacks = Object.keys(labStacks)

/** Deploys stacks anew: their services are removed first, and with them what the Swarm remembers of their tasks. */
export async function renewStacks(machine: LabMachine, stacks: readonly string[], signal: AbortSignal): Promise<void> {
  await removeStacks(machine, stacks, signal)
  const { refreshMs } = await readRecord(machine.dir)
  await runOn(machine, `set -eu\n${deployStacks(stacks, refreshMs)}`, { signal })
  await waitForControlPlane(machine, signal)
}

/** Removes their services, and waits for their tasks: a network must not go before the tasks that are on it. */
export async function removeStacks(machine: LabMachine, stacks: readonly string[], signal: AbortSignal): Promise<void> {
  const services = stacks.map((stack) => `${stack}_app`)
  await runOn(machine, `docker service rm ${services.join(' ')} 2>/dev/null || true`, { signal })
  await waitForEnd(machine, stacks, signal)
}

/** Returns when no task of the stacks holds an address any more. */
export async function waitForEnd(machine: LabMachine, stacks: readonly string[], signal: AbortSignal): Promise<void> {
  await waitForLiveTasks(machine, {
    what: `the tasks of ${stacks.join(', ')} to end`,
    wanted: (live) => !live.some(({ stack }) => stacks.includes(stack)),
    signal,
  })
}

/** Restarts dockerd, by which it forgets all leaks, and journald's window begins anew; waits for the control plane. */
export async function restartEngine(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await startEngineAnew(machine, signal)
  await waitForControlPlane(machine, signal)
}

/** The same without the wait, for when there is no control plane that could come up. */
export async function startEngineAnew(machine: LabMachine, signal: AbortSignal): Promise<void> {
  // More often than systemd would have it.
  await runOn(machine, 'systemctl reset-failed docker.service; systemctl restart docker.service', { signal })
  await waitOn(machine, 'docker node ls', { what: 'the engine to answer, and to lead', signal })
}

/** Returns when every service runs in a container that is there, and every route answers from outside. */
export async function waitForControlPlane(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await waitOn(machine, allStacks.map((stack) => isRunning(`${stack}_app`)).join(' && '), {
    what: 'the tasks of the control plane',
    signal,
  })
  await waitForRoutes(machine.address, await readFile(join(machine.dir, rootCaFile), 'utf8'), { signal })
}

/** The Swarm's own word is not enough: for a moment after a restart of dockerd it still tells of tasks from before. */
function isRunning(service: string): string {
  return `{ echo ${service} && task=$(docker ps --filter label=com.docker.swarm.service.name=${service} --format '{{.Label "com.docker.swarm.task.id"}}') \
&& [ "$(docker inspect --type task --format '{{.DesiredState}} {{.Status.State}}' $task)" = 'running running' ]; }`
}
