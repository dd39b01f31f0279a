import { type LabMachine, runOn } from '../host/machine.ts'
import { restartEngine } from './control-plane.ts'
import { waitForLiveTasks } from './task.ts'
import { waitOn } from './wait.ts'

/** An overlay of ours; labelled, so that it is found again. */
export async function createNetwork(
  machine: LabMachine,
  name: string,
  subnet: string,
  signal: AbortSignal,
): Promise<void> {
  await runOn(
    machine,
    `docker network inspect ${name} > /dev/null 2>&1 ||
docker network create --driver overlay --subnet ${subnet} --label sabotage=true ${name}`,
    { signal },
  )
}

/** A service of ours, which does nothing. */
export async function createService(
  machine: LabMachine,
  name: string,
  args: string,
  signal: AbortSignal,
): Promise<void> {
  await runOn(
    machine,
    `docker service inspect ${name} > /dev/null 2>&1 ||
docker service create --quiet --detach --no-resolve-image --name ${name} --label sabotage=true ${args} \\
  --stop-grace-period 2s pvcheck-lab/busybox:1 sh -c 'sleep 86400'`,
    { signal },
  )
}

/** Services first, then their tasks, then the networks. */
export async function removeAll(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await runOn(
    machine,
    `services=$(docker service ls --quiet --filter label=sabotage) && [ -z "$services" ] || docker service rm $services`,
    { signal },
  )
  await waitForNoOwn(machine, signal)
  await waitOn(
    machine,
    `networks=$(docker network ls --quiet --filter label=sabotage=true); [ -z "$networks" ] || docker network rm $networks`,
    { what: 'the networks to be gone', signal },
  )
}

/** Returns when no task but those of the stacks holds an address. */
export async function waitForNoOwn(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await waitForLiveTasks(machine, {
    what: 'the tasks of no stack to end',
    wanted: (live) => live.every(({ stack }) => stack !== ''),
    signal,
  })
}

/** The line is in the window, and what leaked is lost, until dockerd starts again. */
export async function clear(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await removeAll(machine, signal)
  await restartEngine(machine, signal)
}
