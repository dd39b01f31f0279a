import type { Judgement } from '../../../model/check.ts'
import type { ProxyRouter, ProxyService } from '../../../model/facts/routing/proxy-api.ts'
import { judge, type RawHost, serviceIn, taskIn, type Wish } from '../../test-host/green.ts'
import { backendsAreRunning } from '../backends-are-running.ts'

/** The sound host with a proxy in front: what it says of itself, and what the Swarm says afterwards. */
export interface Proxied {
  readonly host: RawHost
  readonly api: { services: ProxyService[]; routers: ProxyRouter[] }
  readonly drone: RawHost['services'][number]
  /** Whose address is 10.10.0.7, and who has run for the best part of an hour. */
  readonly task: RawHost['tasks'][number]
  readonly shared: RawHost['networks'][number]
}

const now = Date.parse('2026-11-20T14:00:00.000Z')
const wish = { proxy: { api: 'https://traefik.test/api' } }

/** So many seconds before the proxy was asked, by the engine's clock. */
export function secondsAgo(seconds: number): string {
  return new Date(now - seconds * 1000).toISOString()
}

/** `drone@swarm`, balanced over these addresses. */
export function balancer(addresses: readonly string[], changes: Partial<ProxyService> = {}): ProxyService {
  const servers = addresses.map((address) => ({ url: address.includes('/') ? address : `http://${address}:80` }))
  return { name: 'drone@swarm', type: 'loadbalancer', status: 'enabled', loadBalancer: { servers }, ...changes }
}

/** Judges PV-ROUTE-005 of a host on which the proxy sends requests for `drone` to the one task of `drone_app`. */
export function judgeBackends(
  change: (proxied: Proxied) => void = () => undefined,
  more: Wish = {},
): readonly Judgement[] {
  const prepare = (host: RawHost): void => {
    const drone = serviceIn(host, 'drone_app')
    const task = taskIn(host, 'drone_app')
    const shared = host.networks.find(({ Name }) => Name === 'proxy')
    if (shared === undefined) throw new Error('the recorded host has no shared network')
    const proxied: Proxied = { host, api: { services: [balancer(['10.10.0.7'])], routers: [] }, drone, task, shared }
    label(drone, { 'traefik.enable': 'true', 'traefik.http.services.drone.loadbalancer.server.port': '80' })
    change(proxied)
    const none = { total: 0, warnings: 0, errors: 0 }
    Object.assign(host, {
      'proxy-api': {
        state: 'answered',
        // Our own clock is an hour ahead of the engine's: it is not to be gone by.
        at: secondsAgo(-3600),
        engineNow: secondsAgo(0),
        version: '3.6.1',
        overview: { http: { routers: none, services: none, middlewares: none } },
        ...proxied.api,
      },
      'tasks-after-routes': host.tasks,
      'services-after-routes': host.services,
      'networks-after-routes': host.networks,
    })
  }
  return judge(backendsAreRunning, prepare, { ...wish, ...more })
}

/** Gives a service these labels and no others. */
export function label({ Spec }: Proxied['drone'], Labels: Readonly<Record<string, string>>): void {
  Object.assign(Spec, { Labels })
}

/** Makes the proxy send its requests for `drone` there. */
export function aimAt(...addresses: string[]): (proxied: Proxied) => void {
  return ({ api }) => {
    api.services = [balancer(addresses)]
  }
}

/** Another task of `drone_app` at this address of the shared network: a running one, but for what `changes` say. */
export function addTask(
  { host, task }: Proxied,
  address: string,
  {
    Status,
    ...changes
  }: {
    readonly Status?: { readonly Timestamp?: string; readonly State?: string }
    readonly [field: string]: unknown
  } = {},
): Proxied['task'] {
  const another = structuredClone(task)
  // The manager notes what a node tells it at once.
  const UpdatedAt = Status?.Timestamp ?? secondsAgo(3000)
  Object.assign(another, { ID: `task-of-${address}`, UpdatedAt, ...changes })
  Object.assign(another.Status, { Timestamp: secondsAgo(3000), ...Status })
  for (const attachment of another.NetworksAttachments) attachment.Addresses = [`${address}/16`]
  host.tasks.push(another)
  return another
}

/** Of a task that ended so long ago. */
export function ended(
  seconds: number,
  State = 'shutdown',
): { DesiredState: string; Status: { State: string; Timestamp: string } } {
  return { DesiredState: 'shutdown', Status: { State, Timestamp: secondsAgo(seconds) } }
}

/** A task on another network than the shared one: a second overlay, 10.20.0.0/24, where it has another name. */
export function moveTask({ host, shared }: Proxied, task: Proxied['task'], address: string, Name = 'internal'): void {
  const ID = 'other0network0000000000000'
  if (Name !== shared.Name) {
    const network = Object.assign(structuredClone(shared), { Id: ID, Name })
    Object.assign(network.IPAM, { Config: [{ Subnet: '10.20.0.0/24', Gateway: '10.20.0.1' }] })
    host.networks.push(network)
  }
  for (const attachment of task.NetworksAttachments) {
    Object.assign(attachment.Network, { ID })
    Object.assign(attachment.Network.Spec, { Name })
    attachment.Addresses = [address]
  }
}

/** The address of the VIP that `drone_app` has on the shared network. */
export function vipOf({ drone }: Proxied): string {
  return drone.Endpoint.VirtualIPs[0]?.Addr.replace(/\/.*/, '') ?? ''
}
