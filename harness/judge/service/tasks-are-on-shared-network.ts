import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import type { Network } from '../../model/facts/networks.ts'
import { networks } from '../../model/facts/networks.ts'
import { services } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { tasks } from '../../model/facts/tasks.ts'
import { contains, parseAddress } from '../address/cidr.ts'
import { nameOf, sharedNetworkOf, subnetsOf } from '../address/overlay.ts'
import { addressesOn } from '../address/task-state.ts'
import { list } from '../say.ts'
import { controlPlaneOf, isRunning, noControlPlane } from './control-plane.ts'

export const tasksAreOnSharedNetwork = defineCheck({
  id: 'PV-SVC-005',
  title: 'Every running task of the control plane is attached to the present shared network',
  needs: { networks, services, tasks },
  notApplicable: (wanted) =>
    noControlPlane(wanted) ??
    (wanted.controlPlane.some(({ onSharedNetwork }) => onSharedNetwork)
      ? undefined
      : 'no control-plane service is to be on the shared network'),
  judge: ({ networks, services, tasks }, wanted) => {
    const shared = sharedNetworkOf(networks, wanted)
    const members = controlPlaneOf(services, tasks, wanted).filter(({ onSharedNetwork }) => onSharedNetwork)
    return members.map(({ name, tasks }): Judgement => {
      const running = tasks.filter(isRunning)
      if (shared === undefined || running.length === 0) {
        return {
          subject: name,
          expected: `an address on ${wanted.sharedNetwork.name}`,
          actual: shared === undefined ? 'no such overlay' : 'no running task',
          verdict: 'unknown',
          reason: shared === undefined ? 'there is no network to be on' : 'there is no task to look at',
          remedy: shared === undefined ? 'See PV-NET-001.' : 'See PV-SVC-002.',
        }
      }
      return judgeTasks(name, running, shared)
    })
  },
})

function judgeTasks(name: string, running: readonly Task[], shared: Network): Judgement {
  const subnets = subnetsOf(shared)
  const isInside = (text: string): boolean => {
    const address = parseAddress(text)
    return address !== undefined && subnets.some((subnet) => contains(subnet, address))
  }
  const astray = running.filter((task) => !addressesOn(shared.Id, task).some(isInside))
  const said = { subject: name, expected: `an address on ${nameOf(shared)}` }
  if (astray.length === 0) {
    return { ...said, actual: list(running.flatMap((task) => addressesOn(shared.Id, task))), verdict: 'pass' }
  }
  return {
    ...said,
    actual: list(astray.map((task) => describe(task, shared))),
    verdict: 'fail',
    reason: 'the reverse proxy cannot reach a task that is not on the network they share',
    remedy: `\`docker service update --force ${name}\` when its specification names the present network; else deploy its stack again. A specification keeps the id of the network that it was deployed with.`,
  }
}

function describe(task: Task, shared: Network): string {
  const attachments = task.NetworksAttachments ?? []
  const namesake = attachments.find(({ Network }) => Network.ID !== shared.Id && Network.Spec?.Name === shared.Name)
  if (namesake !== undefined) return `task ${task.ID} on an older ${shared.Name} (${namesake.Network.ID})`
  const own = addressesOn(shared.Id, task)
  return own.length > 0 ? `task ${task.ID} at ${own.join(', ')}, outside of its subnet` : `task ${task.ID} not on it`
}
