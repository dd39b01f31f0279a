import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import type { Network } from '../../model/facts/networks.ts'
import { networks } from '../../model/facts/networks.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { services } from '../../model/facts/services.ts'
import { attachedContainers, tasks } from '../../model/facts/tasks.ts'
import { indexLedgers } from '../address/ledger.ts'
import { nameOf, overlaysOf } from '../address/overlay.ts'
import { count, duration, list } from '../say.ts'
import type { Waiting } from './waiting.ts'
import { waitingServices } from './waiting.ts'

/** The allocator answers within milliseconds; what has waited for longer than this is not on its way. */
const graceMs = 10_000

export const servicesHaveAddresses = defineCheck({
  id: 'PV-NET-007',
  title: 'No service waits for an address',
  needs: { info: engineInfo, networks, nodes, services, tasks, attachedContainers },
  judge: ({ info, networks, attachedContainers, ...lists }) => {
    const now = Date.parse(info.SystemTime)
    const waiting = waitingServices(overlaysOf(networks), lists.services, lists.tasks, now)
    const expected = 'a VIP on each of its networks, and no task without an address'
    if (waiting.length === 0) {
      const actual = `${count(lists.services.length, 'service')}, none waits`
      return [{ subject: 'services', expected, actual, verdict: 'pass' }]
    }
    const ledgerOf = indexLedgers({ ...lists, attached: attachedContainers })
    const leftOn = once((network: Network): Left => {
      const { capacity, held, free } = ledgerOf(network)
      return { network, capacity, held, free }
    })
    return waiting.map((service): Judgement => {
      const said = { subject: service.name, expected, actual: describe(service) }
      if (service.forMs < graceMs) {
        const reason = `it has waited for ${duration(service.forMs)} only: whether it will be served cannot be told yet`
        return { ...said, verdict: 'unknown', reason, remedy: 'Look again in half a minute.' }
      }
      return { ...said, verdict: 'fail', reason: causeOf(service.candidates.map(leftOn)), remedy: remedyFor(service) }
    })
  },
})

function describe({ withoutVip, newTasks, refusedNodes, forMs }: Waiting): string {
  const parts = [
    withoutVip.length === 0 ? '' : `no VIP on ${list(withoutVip.map(nameOf))}`,
    newTasks === 0 ? '' : `${count(newTasks, 'task')} in New without an address`,
    refusedNodes === 0 ? '' : `${count(refusedNodes, 'task')} refused: the load balancer of the node has no address`,
  ]
  return `${parts.filter((part) => part !== '').join('; ')}; for ${duration(forMs)}`
}

/** On a full network every service may wait: each network is counted once. */
function once<T>(ask: (network: Network) => T): (network: Network) => T {
  const known = new Map<Network, T>()
  return (network) => {
    const answer = known.get(network) ?? ask(network)
    known.set(network, answer)
    return answer
  }
}

interface Left {
  readonly network: Network
  readonly capacity: number
  readonly held: number
  readonly free: number
}

function causeOf(left: readonly Left[]): string {
  const full = left.filter(({ free }) => free <= 0)
  const say = ({ network, capacity, held }: Left): string =>
    capacity === 0
      ? `${nameOf(network)} was never given a subnet`
      : `${nameOf(network)} is full: ${held} of ${capacity} held`
  if (full.length > 0) return full.map(say).join('; ')
  const tightest = left.toSorted((a, b) => a.free - b.free)[0]
  if (tightest === undefined) return 'it names a network that the Swarm does not have'
  const names = list(left.map(({ network }) => nameOf(network)))
  return `by the count of the API there is room on ${names} (${tightest.free} of ${tightest.capacity} on ${tightest.network.Name}): what is missing has leaked`
}

function remedyFor({ name, networks }: Waiting): string {
  const leaks =
    networks > 1
      ? ' Until then hold all deploys and removals: with every task that ends anywhere the Swarm tries again, and each try leaks an address on the other networks of this service.'
      : ''
  return `Make room on that network (remove services that are not needed), or take ${name} off it (\`docker service rm ${name}\`). Leaked addresses come back when dockerd is restarted on the leading manager, which stops the containers of that node.${leaks}`
}
