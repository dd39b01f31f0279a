import { type LabMachine, runOn } from '../host/machine.ts'
import { moveAside, removeAside } from './aside.ts'
import { removeStacks, renewStacks, waitForEnd } from './control-plane.ts'
import { reportSiteLost } from './outside.ts'
import type { Sabotage } from './sabotage.ts'
import { waitForLiveTasks } from './task.ts'
import { waitOn } from './wait.ts'

const service = 'ccci-reports_app'

const renewed = (machine: LabMachine, signal: AbortSignal) => renewStacks(machine, ['ccci-reports'], signal)

export const stackRemoved: Sabotage = {
  name: 'stack-removed',
  what: 'removes the stack of the report site',
  reddens: {
    'PV-SVC-001': { verdict: 'fail', says: /^ccci-reports.*the stack is not deployed/ },
    'PV-SVC-002': { verdict: 'fail', says: /^ccci-reports_app.*no service of that name/ },
    'PV-SVC-003': { verdict: 'unknown', says: /^ccci-reports_app.*no service of that name/ },
    'PV-SVC-004': { verdict: 'unknown', says: /^ccci-reports_app.*no service of that name/ },
    'PV-SVC-005': { verdict: 'unknown', says: /^ccci-reports_app.*no running task/ },
    'PV-SVC-006': { verdict: 'unknown', says: /^ccci-reports_app.*no service of that name/ },
    ...reportSiteLost('ROUTER_404', '404'),
  },
  breaks: (machine, signal) => removeStacks(machine, ['ccci-reports'], signal),
  mends: renewed,
}

export const serviceScaledToNone: Sabotage = {
  name: 'service-scaled-to-none',
  what: 'scales the report site to no task at all',
  reddens: {
    'PV-SVC-002': { verdict: 'fail', says: /^ccci-reports_app.*0 of 0 running.*scaled to none/ },
    'PV-SVC-005': { verdict: 'unknown', says: /^ccci-reports_app.*no running task/ },
    ...reportSiteLost('ROUTER_404', '404'),
  },
  breaks: async (machine, signal) => {
    await runOn(machine, `docker service scale --detach ${service}=0`, { signal })
    await waitForEnd(machine, ['ccci-reports'], signal)
  },
  mends: renewed,
}

export const serviceCrashed: Sabotage = {
  name: 'service-crashed',
  what: 'kills the container of the report site; the Swarm starts another one',
  reddens: { 'PV-SVC-004': { verdict: 'fail', says: /^ccci-reports_app.*1 restart.*non-zero exit \(137\)/ } },
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `[ -n "$(${failedTasks})" ] || docker kill $(docker ps --quiet --filter label=com.docker.swarm.service.name=${service})`,
      { signal },
    )
    await waitOn(
      machine,
      `[ -n "$(${failedTasks})" ] && docker service ps --format '{{.CurrentState}}' --filter desired-state=running ${service} | grep ^Running`,
      { what: 'another task of the report site to run', signal },
    )
  },
  mends: renewed,
}

const failedTasks = `docker service ps --filter desired-state=shutdown --format '{{.CurrentState}}' ${service} | grep ^Failed`

export const updateFailed: Sabotage = {
  name: 'update-failed',
  what: 'updates the report site to a command that is not there: the update stops, and the task fails over and over',
  reddens: {
    'PV-SVC-006': { verdict: 'fail', says: /^ccci-reports_app.*paused/ },
    'PV-SVC-002': { verdict: 'fail', says: /^ccci-reports_app.*0 of 1 running/ },
    'PV-SVC-004': { verdict: 'fail', says: /^ccci-reports_app.*restart.*no such file or directory/ },
    'PV-SVC-005': { verdict: 'unknown', says: /^ccci-reports_app.*no running task/ },
    ...reportSiteLost('ROUTER_404', '404'),
  },
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `docker service inspect ${service} | grep --quiet /nowhere ||
docker service update --quiet --detach --no-resolve-image --entrypoint /nowhere ${service}`,
      { signal },
    )
    await waitOn(machine, `docker service inspect --format '{{.UpdateStatus.State}}' ${service} | grep ^paused`, {
      what: 'the update to stop',
      signal,
    })
  },
  mends: renewed,
}

export const taskUnplaceable: Sabotage = {
  name: 'task-unplaceable',
  what: 'binds the report site to a label that no node has: its task hangs in `Pending`',
  reddens: {
    'PV-SVC-003': { verdict: 'fail', says: /^ccci-reports_app.*pending.*no suitable node/s },
    'PV-SVC-002': { verdict: 'fail', says: /^ccci-reports_app.*no suitable node/s },
    'PV-SVC-005': { verdict: 'unknown', says: /^ccci-reports_app.*no running task/ },
    'PV-SVC-006': { verdict: 'unknown', says: /^ccci-reports_app.*updating/ },
    ...reportSiteLost('ROUTER_404', '404'),
  },
  breaks: async (machine, signal) => {
    const constraint = 'node.labels.nowhere==true'
    await runOn(
      machine,
      `docker service inspect ${service} | grep --quiet ${constraint} ||
docker service update --quiet --detach --no-resolve-image --constraint-add ${constraint} ${service}`,
      { signal },
    )
    await waitForLiveTasks(machine, {
      what: 'the old task to have ended, and the new one to be pending',
      wanted: (live) => {
        const states = live.filter(({ stack }) => stack === 'ccci-reports').map(({ state }) => state)
        return states.length === 1 && states[0] === 'pending'
      },
      signal,
    })
  },
  mends: renewed,
}

export const taskOffSharedNetwork: Sabotage = {
  name: 'task-off-shared-network',
  what: 'moves the report site to a network of its own',
  reddens: {
    'PV-SVC-005': { verdict: 'fail', says: /^ccci-reports_app.*not on it/ },
    'PV-ROUTE-005': { verdict: 'fail', says: /^ccci-reports@swarm: .*10\.30\.0\.\d+/s },
    ...reportSiteLost('504.*WRONG_NETWORK', '504'),
  },
  breaks: (machine, signal) => moveAside(machine, service, '--network-rm proxy', signal),
  mends: async (machine, signal) => {
    await renewed(machine, signal)
    await removeAside(machine, signal)
  },
}
