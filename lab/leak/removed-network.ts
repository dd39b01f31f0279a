import { Disposer } from '../../harness/core/disposer.ts'
import { pollUntil } from '../../harness/core/poll.ts'
import { execOn, type LabMachine, runOn } from '../host/machine.ts'
import { joinLeaked, type Leaked, leftBy } from './leaked.ts'
import { endTasks, liveTasksOf, waitForTasks } from './live-task.ts'

export interface RemovedNetworkOptions {
  /** One address each. */
  readonly replicas: number
  readonly network: string
  /** In ingress mode: then as many leak on `ingress`. */
  readonly publish?: number
  /** Of the service and of its own network: `leaker` by default. */
  readonly name?: string
  readonly signal: AbortSignal
}

/**
 * Runs one service of several tasks on a shared network and on one of its own, and removes it and, at once, that network:
 * faster than as many stacks. Returns, when its tasks have ended, the addresses that they leave behind.
 */
export async function leakByRemovedNetwork(machine: LabMachine, options: RemovedNetworkOptions): Promise<Leaked> {
  const { name = 'leaker', replicas, network, publish, signal } = options
  const own = `${name}-own`
  await using cleanUp = new Disposer()
  cleanUp.defer(() => removeBoth(machine, name, own))
  const port = publish === undefined ? '' : `--publish ${publish}:80`
  const create = `set -eu
docker network create --driver overlay ${own} > /dev/null
docker service create --quiet --detach --no-resolve-image --name ${name} --replicas ${replicas} ${port} \\
  --network ${network} --network ${own} --stop-grace-period 20s pvcheck-lab/busybox:1 sleep 86400`
  const service = (await runOn(machine, create, { signal })).trim()
  await waitForTasks(machine, service, { running: replicas, signal })
  await runOn(machine, `docker service rm ${name}`, { signal })
  await removeNetwork(machine, own, signal)
  const running = await liveTasksOf(machine, new Set([service]), signal)
  await endTasks(machine, service, signal)
  return joinLeaked([leftBy(running, (holder) => holder === own)])
}

/** Again and again: it is refused until the tasks are told to end, and must be gone before the first has ended. */
async function removeNetwork(machine: LabMachine, network: string, signal?: AbortSignal): Promise<void> {
  const command = `docker network rm ${network} || [ -z "$(docker network ls --quiet --filter name='^${network}$')" ]`
  await pollUntil<true>(
    async (until) => {
      const { exitCode, stderr } = await execOn(machine, command, { signal: until })
      return exitCode === 0 ? { done: true, value: true } : { done: false, state: stderr.trim() }
    },
    {
      what: `the network ${network} to be gone`,
      timeoutMs: 30_000,
      intervalMs: 10,
      ...(signal === undefined ? {} : { signal }),
    },
  )
}

/** After a failure; nothing is left of them otherwise. */
async function removeBoth(machine: LabMachine, service: string, network: string): Promise<void> {
  await execOn(machine, `docker service rm ${service}`)
  await removeNetwork(machine, network)
}
