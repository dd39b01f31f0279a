import { defineCheck, type Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { networksAfterRoutes, servicesAfterRoutes, tasksAfterRoutes } from '../../model/facts/routing/backends.ts'
import { type ProxyAnswered, type ProxyService, proxyApi } from '../../model/facts/routing/proxy-api.ts'
import { attachedContainers } from '../../model/facts/tasks.ts'
import { proxySchema } from '../../model/routing.ts'
import { listSubnets, nameOf, sharedNetworkOf, subnetsOf } from '../address/overlay.ts'
import { judgeTold, noProxyApi, providerOf } from './api-told.ts'
import { type Ground, groundOf } from './backend.ts'
import { declaredBy } from './labels.ts'
import { judgeProxyService } from './proxy-service.ts'
import { judgeUnknownToProxy } from './unknown-to-proxy.ts'

/** Traefik 3 calls a Swarm `swarm`, Traefik 2 `docker`. */
const ofTheSwarm = ['swarm', 'docker']
/** Reading takes time, and timers are late. */
const graceSeconds = 2

export const backendsAreRunning = defineCheck({
  id: 'PV-ROUTE-005',
  title: 'Every backend of the proxy is a running task on the shared network',
  needs: {
    api: proxyApi,
    networks: networksAfterRoutes,
    services: servicesAfterRoutes,
    tasks: tasksAfterRoutes,
    attached: attachedContainers,
  },
  notApplicable: noProxyApi,
  judge: ({ api, ...told }, wanted) =>
    judgeTold(api, `running tasks on ${wanted.sharedNetwork.name}`, (answered) => {
      const shared = sharedNetworkOf(told.networks, wanted)
      if (shared === undefined || subnetsOf(shared).length === 0) return [noSharedNetwork(wanted, shared === undefined)]
      const { refreshSeconds, throttleSeconds } = wanted.proxy ?? proxySchema.parse({})
      const ground = groundOf(told, {
        shared,
        nowMs: Date.parse(answered.engineNow ?? answered.at),
        windowMs: (refreshSeconds + throttleSeconds + graceSeconds) * 1000,
      })
      return judgeAll(answered, ground, wanted)
    }),
})

function judgeAll({ services }: ProxyAnswered, ground: Ground, wanted: Expectations): readonly Judgement[] {
  const expected = `running tasks on ${nameOf(ground.shared)}, ${listSubnets(subnetsOf(ground.shared))}`
  const looked = services.filter(isLookedAt)
  const declared = declaredBy(ground.services)
  const judged = [
    ...looked.map((service) => judgeProxyService(service, declared, ground, expected)),
    ...judgeUnknownToProxy(looked, declared, ground, wanted, expected),
  ]
  const others = services.filter((service) => !isLookedAt(service))
  const rest = others.length === 0 ? [] : [notLookedAt(others, expected)]
  return judged.length === 0 ? [noBackends(services, expected), ...rest] : [...judged, ...rest]
}

function isLookedAt({ name, loadBalancer }: ProxyService): boolean {
  return ofTheSwarm.includes(providerOf(name)) && loadBalancer !== undefined && loadBalancer !== null
}

/** One line for all that do not name tasks of the Swarm, so that nobody takes them for proven. */
function notLookedAt(services: readonly ProxyService[], expected: string): Judgement {
  const kinds = new Map<string, number>()
  for (const { name, type } of services) {
    const provider = providerOf(name)
    const kind = ofTheSwarm.includes(provider) ? `${type || 'without a type'}@${provider}` : `@${provider}`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  return {
    subject: 'other services of the proxy',
    expected,
    actual: `not looked at: ${[...kinds].map(([kind, number]) => `${number} ${kind}`).join(', ')}`,
    verdict: 'n/a',
    reason: 'they are not made from the Swarm, or only divide requests among others that are',
  }
}

function noBackends(services: readonly ProxyService[], expected: string): Judgement {
  return {
    subject: 'proxy',
    expected,
    actual: `none of its ${services.length} services is made from the Swarm`,
    verdict: 'unknown',
    code: 'NO_SWARM_SERVICES',
    reason: 'there is no backend to look at: nothing is deployed, or the proxy does not hear the Swarm',
    remedy: "See the proxy's log for errors of its provider, and whether it can reach the Engine API.",
  }
}

function noSharedNetwork(wanted: Expectations, missing: boolean): Judgement {
  return {
    subject: 'proxy',
    expected: `running tasks on ${wanted.sharedNetwork.name}`,
    actual: missing ? 'no such overlay' : 'an overlay without a subnet',
    verdict: 'unknown',
    reason: 'there is no network to be on',
    remedy: missing ? 'See PV-NET-001.' : 'See PV-NET-008.',
  }
}
