import { type LabMachine, runOn } from '../host/machine.ts'
import { waitForListeners } from './own-web.ts'
import { waitForRouter } from './router.ts'
import { waitOn } from './wait.ts'

interface Change {
  /** Of `docker service update`. */
  readonly args: string
  /** What the definition of the service has in it once that has been said. */
  readonly done: string
}

/** Changes how the tasks of a service are run, and returns when new ones run so. */
export async function updateService(
  machine: LabMachine,
  service: string,
  { args, done }: Change,
  signal: AbortSignal,
): Promise<void> {
  // Left to itself the Swarm watches a new task for five seconds before it calls an update completed.
  const update = `docker service update --quiet --detach --no-resolve-image --update-monitor 10ms ${args} ${service}`
  await runOn(machine, `docker service inspect ${service} | grep --quiet ${done} || ${update}`, { signal })
  await waitOn(machine, `docker service inspect --format '{{.UpdateStatus.State}}' ${service} | grep ^completed`, {
    what: `${service} to have been updated`,
    signal,
  })
}

/** The same with the one service of a stack that the router leads to: it listens, and the router has heard of it. */
export async function updateWeb(
  machine: LabMachine,
  stack: string,
  change: Change,
  signal: AbortSignal,
): Promise<void> {
  const service = `${stack}_app`
  await updateService(machine, service, change, signal)
  await waitForListeners(machine, service, 1, signal)
  const container = `$(docker ps --quiet --filter label=com.docker.swarm.service.name=${service})`
  const format = '{{.NetworkSettings.Networks.proxy.IPAddress}}'
  const address = (await runOn(machine, `docker inspect --format '${format}' ${container}`, { signal })).trim()
  await waitForRouter(machine, {
    what: `the router to lead to ${address}`,
    wanted: ({ services }) => services[`${stack}@swarm`]?.loadBalancer?.servers[0]?.url === `http://${address}:80`,
    signal,
  })
}
