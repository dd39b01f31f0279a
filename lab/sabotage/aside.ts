import { type LabMachine, runOn } from '../host/machine.ts'
import { updateService } from './update-service.ts'
import { waitOn } from './wait.ts'

/** Puts a service on a network of its own, and returns when it has moved. What `args` says happens at the same time. */
export async function moveAside(
  machine: LabMachine,
  service: string,
  args: string,
  signal: AbortSignal,
): Promise<void> {
  await runOn(
    machine,
    'docker network inspect aside > /dev/null 2>&1 || docker network create --driver overlay --subnet 10.30.0.0/24 aside',
    { signal },
  )
  const id = (await runOn(machine, `docker network inspect --format '{{.Id}}' aside`, { signal })).trim()
  await updateService(machine, service, { args: `--network-add aside ${args}`, done: id }, signal)
}

/** Once nobody is on it any more. */
export async function removeAside(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await waitOn(machine, '! docker network inspect aside > /dev/null 2>&1 || docker network rm aside', {
    what: 'the network aside to be gone',
    signal,
  })
}
