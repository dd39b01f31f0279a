import { runOn } from '../host/machine.ts'
import type { Sabotage } from './sabotage.ts'
import { waitForLiveTasks } from './task.ts'

/** With its VIP and the node 242 of the 253 addresses of `ingress`. */
const replicas = 240

export const ingressCrowded: Sabotage = {
  name: 'ingress-crowded',
  what: `publishes a port of ${replicas} tasks through the routing mesh: each takes an address, and no node fits them`,
  reddens: { 'PV-NET-005': { verdict: 'fail', says: /242 of 253 addresses held \(96 %\)/ } },
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `docker service inspect crowd > /dev/null 2>&1 || docker service create --quiet --detach --no-resolve-image \\
  --name crowd --replicas ${replicas} --constraint node.labels.nowhere==true --publish 31999:80 pvcheck-lab/busybox:1`,
      { signal },
    )
    await waitForLiveTasks(machine, {
      what: 'the crowd to have its addresses',
      wanted: (live) => live.filter(({ stack, state }) => stack === '' && state === 'pending').length === replicas,
      signal,
    })
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'docker service rm crowd 2>/dev/null || true', { signal })
    await waitForLiveTasks(machine, {
      what: 'the crowd to be gone',
      wanted: (live) => live.every(({ stack }) => stack !== ''),
      signal,
    })
  },
}
