import type { Network } from '../../model/facts/networks.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { addressesOf, withoutPrefix } from '../address/task-state.ts'

/** Somebody who has, or had, an address: a task or container of the present or the past, or a service by its VIP. */
export interface Holding {
  readonly networkId: string
  readonly networkName: string
  /** Undefined for a container that joined by itself, and for a task whose service is gone. */
  readonly service: Service | undefined
  /** Undefined for a VIP. */
  readonly task: Task | undefined
}

export interface Told {
  readonly networks: readonly Network[]
  readonly services: readonly Service[]
  /** Those of the past included. */
  readonly tasks: readonly Task[]
  readonly attached: readonly Task[]
}

/** Who holds an address, on whatever network; ended tasks are kept, for they say what an address was. */
export function indexHoldings({ networks, services, tasks, attached }: Told): ReadonlyMap<string, readonly Holding[]> {
  const byAddress = new Map<string, Holding[]>()
  const add = (address: string, holding: Holding): void => {
    const key = canonical(address)
    const known = byAddress.get(key)
    if (known === undefined) byAddress.set(key, [holding])
    else known.push(holding)
  }
  const names = new Map(networks.map(({ Id, Name }) => [Id, Name]))
  const byId = new Map(services.map((service) => [service.ID, service]))
  for (const task of [...tasks, ...attached]) {
    const specNames = new Map((task.NetworksAttachments ?? []).map(({ Network: { ID, Spec } }) => [ID, Spec?.Name]))
    for (const { networkId, address } of addressesOf(task)) {
      const networkName = names.get(networkId) ?? specNames.get(networkId) ?? networkId
      add(address, { networkId, networkName, service: byId.get(task.ServiceID), task })
    }
  }
  for (const service of services) {
    for (const { NetworkID, Addr } of service.Endpoint?.VirtualIPs ?? []) {
      const networkName = names.get(NetworkID) ?? NetworkID
      if (Addr !== '') add(withoutPrefix(Addr), { networkId: NetworkID, networkName, service, task: undefined })
    }
  }
  return byAddress
}

/** The address in a server's URL, if that is what stands there: `10.10.0.7`, `fd00::7`; undefined for a name. */
export function addressIn(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname) ? hostname : undefined
}

/** IPv6 has many ways to write one address; this is the one that `addressIn` answers with. */
export function canonical(address: string): string {
  return address.includes(':') ? (addressIn(`http://[${address}]`) ?? address) : address
}

/** `drone_app.1`, as Swarm calls a task; a global one by its id. */
export function nameOfTask({ service, task }: Holding): string {
  if (task === undefined) return `the VIP of ${service?.Spec.Name ?? 'a removed service'}`
  if (task.ServiceID === '') return `an attached container (task ${task.ID})`
  return `${service?.Spec.Name ?? 'a removed service'}.${task.Slot ?? task.ID}`
}
