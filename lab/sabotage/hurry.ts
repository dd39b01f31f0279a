import { pollUntil } from '../../harness/core/poll.ts'
import { type LabMachine, runOn } from '../host/machine.ts'
import { restartEngine } from './control-plane.ts'
import { hasRaced, waitForLine, waitForWarmEngine } from './engine-log.ts'
import { clear, createNetwork, createService, waitForNoOwn } from './own-objects.ts'
import type { Sabotage } from './sabotage.ts'
import { waitForLiveTasks } from './task.ts'
import { waitOn } from './wait.ts'

export const stackRemovedInHurry: Sabotage = {
  name: 'stack-removed-in-hurry',
  what: 'removes a stack whose network goes before its task has ended: what that held on the shared one leaks',
  reddens: { 'PV-JRN-006': { verdict: 'unknown', says: /^tasks outlived their network/ } },
  breaks: async (machine, signal) => {
    await pollUntil<true>(
      async () => {
        await removeInHurry(machine, 1, signal)
        if (!(await hasRaced(machine, signal))) return { done: true, value: true }
        await restartEngine(machine, signal)
        return { done: false, state: 'two removals met' }
      },
      { what: 'a removal that leaks and meets no other', timeoutMs: 90_000, signal },
    )
  },
  mends: clear,
}

export const tasksRemovedInHurry: Sabotage = {
  name: 'tasks-removed-in-hurry',
  what: 'the same with six tasks at once: several hands remove the network from the node, and meet',
  reddens: {
    'PV-JRN-007': { verdict: 'unknown', says: /^a network could not be (removed from this node|marked for deletion)/ },
    'PV-JRN-006': { verdict: 'unknown', says: /^tasks outlived their network/ },
  },
  breaks: async (machine, signal) => {
    await waitForWarmEngine(machine, signal)
    await pollUntil<true>(
      async () => {
        await removeInHurry(machine, 6, signal)
        return (await hasRaced(machine, signal)) ? { done: true, value: true } : { done: false, state: 'none met' }
      },
      { what: 'two removals that meet', timeoutMs: 90_000, signal },
    )
  },
  mends: clear,
}

const containers = 'docker ps --all --quiet --filter label=com.docker.swarm.service.name=hurried'

async function removeInHurry(machine: LabMachine, replicas: number, signal: AbortSignal): Promise<void> {
  // One that a restart of dockerd cut off from its task stays for ever.
  await runOn(machine, `left=$(${containers}) && [ -z "$left" ] || docker rm --force $left`, { signal })
  await createNetwork(machine, 'hurried', '10.50.0.0/24', signal)
  await createService(machine, 'hurried', `--replicas ${replicas} --network hurried --network proxy`, signal)
  await waitForLiveTasks(machine, {
    what: 'the tasks that are to outlive their network',
    wanted: (live) => live.filter(({ stack, state }) => stack === '' && state === 'running').length === replicas,
    signal,
  })
  await runOn(machine, 'docker service rm hurried && docker network rm hurried', { signal })
  await waitForLine(machine, 'could not find network allocator state for network', signal)
  await waitForNoOwn(machine, signal)
  await waitOn(machine, `[ -z "$(${containers})" ]`, {
    what: 'the containers to be gone',
    signal,
  })
}
