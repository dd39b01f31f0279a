import type { Expectations } from '../../model/expectations.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { ProxyApi } from '../../model/facts/routing/proxy-api.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { sharedNetworkOf } from '../address/overlay.ts'
import { isRunning } from '../service/control-plane.ts'
import { whyNot } from '../service/control-plane-runs.ts'
import { replicasOf } from '../service/replicas.ts'

/** What stood behind the routes when they were visited. */
export interface Scene {
  readonly wanted: Expectations
  readonly services: readonly Service[]
  readonly tasks: readonly Task[]
  /** Undefined where there is no such overlay. */
  readonly shared: Network | undefined
  readonly proxyApi: ProxyApi
}

export interface Backend {
  readonly name: string
  /** Undefined where the Swarm has no service of that name. */
  readonly service: Service | undefined
  readonly running: readonly Task[]
  readonly desired: number
  /** `drone_app: 1 of 1 tasks running`, with what the others say. */
  readonly state: string
}

export function sceneOf(
  wanted: Expectations,
  facts: {
    readonly proxyApi: ProxyApi
    readonly services: readonly Service[]
    readonly tasks: readonly Task[]
    readonly networks: readonly Network[]
  },
): Scene {
  const { proxyApi, services, tasks, networks } = facts
  return { wanted, services, tasks, shared: sharedNetworkOf(networks, wanted), proxyApi }
}

/** A service by its name, and how it stands with its tasks. */
export function backendOf(name: string, { services, tasks }: Scene): Backend {
  const service = services.find(({ Spec }) => Spec.Name === name)
  if (service === undefined) {
    return { name, service, running: [], desired: 0, state: `${name}: no service of that name` }
  }
  const own = tasks.filter(({ ServiceID }) => ServiceID === service.ID)
  const { desired, running } = replicasOf(service, own)
  const why = running < desired ? ` (${whyNot(own)})` : ''
  const state = `${name}: ${running} of ${desired} tasks running${why}`
  return { name, service, running: own.filter(isRunning), desired, state }
}

/** The states of the proxy and of the route's own service, as far as they are named. */
export function statesBeside(service: string | undefined, scene: Scene): readonly string[] {
  const names = new Set([scene.wanted.proxy?.service, service].filter((name) => name !== undefined))
  return [...names].map((name) => backendOf(name, scene).state)
}
