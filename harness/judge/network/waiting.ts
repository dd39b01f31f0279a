import type { Network } from '../../model/facts/networks.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { tasksByService } from '../address/task-state.ts'

/** A service that the Swarm's allocator could not serve. */
export interface Waiting {
  readonly name: string
  /** How many overlays it is on. */
  readonly networks: number
  readonly withoutVip: readonly Network[]
  /** Tasks in `New` that have no address and are meant to run. */
  readonly newTasks: number
  /** Tasks that a node refused, because its load balancer has no address. */
  readonly refusedNodes: number
  /** Where an address is missing, or may be. */
  readonly candidates: readonly Network[]
  readonly forMs: number
}

/** One that was served a moment ago shows up as well; `forMs` tells how long each has waited. */
export function waitingServices(
  overlays: readonly Network[],
  services: readonly Service[],
  tasks: readonly Task[],
  nowMs: number,
): readonly Waiting[] {
  const ofService = tasksByService(tasks)
  return services.flatMap((service) => {
    const networks = networksOf(service, overlays)
    const withoutVip = wantsVips(service) ? networks.filter((network) => !hasVip(service, network)) : []
    const own = ofService.get(service.ID) ?? []
    const newTasks = own.filter((task) => !isToEnd(task.DesiredState) && hasNoAddressYet(task))
    const refused = own.filter((task) => wasRefused(task, nowMs))
    if (withoutVip.length + newTasks.length + refused.length === 0) return []
    const since = [
      ...newTasks.map(({ Status }) => Date.parse(Status.Timestamp)),
      ...refused.map(({ Status }) => Date.parse(Status.Timestamp)),
      ...(withoutVip.length > 0 ? [Date.parse(service.UpdatedAt)] : []),
    ]
    return [
      {
        name: service.Spec.Name,
        networks: networks.length,
        withoutVip,
        newTasks: newTasks.length,
        refusedNodes: refused.length,
        candidates: withoutVip.length > 0 ? withoutVip : networks,
        forMs: nowMs - Math.min(...since),
      },
    ]
  })
}

/** The overlays that its spec names, and `ingress` when it publishes a port there. */
function networksOf(service: Service, overlays: readonly Network[]): readonly Network[] {
  const { TaskTemplate, Networks, EndpointSpec } = service.Spec
  const named = TaskTemplate.Networks ?? Networks ?? []
  const targets = new Set(named.map(({ Target }) => Target))
  const onIngress = (EndpointSpec?.Ports ?? []).some(({ PublishMode }) => PublishMode === 'ingress')
  return overlays.filter(
    (network) => targets.has(network.Id) || targets.has(network.Name) || (network.Ingress && onIngress),
  )
}

function wantsVips(service: Service): boolean {
  return service.Spec.EndpointSpec?.Mode !== 'dnsrr'
}

function hasVip(service: Service, network: Network): boolean {
  return (service.Endpoint?.VirtualIPs ?? []).some(({ NetworkID, Addr }) => NetworkID === network.Id && Addr !== '')
}

function isToEnd(desiredState: string): boolean {
  return desiredState === 'shutdown' || desiredState === 'remove'
}

function hasNoAddressYet({ Status, NetworksAttachments }: Task): boolean {
  return Status.State === 'new' && !(NetworksAttachments ?? []).some(({ Addresses }) => (Addresses ?? []).length > 0)
}

/** The Swarm keeps refused tasks for as long as the service lives; only the last minutes tell of now. */
const recentMs = 10 * 60_000

function wasRefused({ Status }: Task, nowMs: number): boolean {
  return /ip addresses may be exhausted/.test(Status.Err) && nowMs - Date.parse(Status.Timestamp) < recentMs
}
