import { runOn } from '../host/machine.ts'
import { moveAside, removeAside } from './aside.ts'
import { renewStacks, waitForEnd } from './control-plane.ts'
import { freeze, mainProcess, thaw } from './freeze.ts'
import { nobodyAnswers } from './outside.ts'
import { restoreTls, setTls } from './router.ts'
import type { Sabotage } from './sabotage.ts'

export const routerScaledToNone: Sabotage = {
  name: 'router-scaled-to-none',
  what: 'scales the router to no task at all',
  reddens: {
    'PV-SVC-002': { verdict: 'fail', says: /^traefik_app.*0 of 0 running.*scaled to none/ },
    'PV-SVC-005': { verdict: 'unknown', says: /^traefik_app.*no running task/ },
    'PV-ROUTE-007': { verdict: 'fail', says: /^traefik_app (80|443)\/tcp: .*nobody listens there/s },
    ...nobodyAnswers({ code: /TCP_REFUSED/, layer: 'TCP' }),
  },
  breaks: async (machine, signal) => {
    await runOn(machine, 'docker service scale --detach traefik_app=0', { signal })
    await waitForEnd(machine, ['traefik'], signal)
  },
  mends: (machine, signal) => renewStacks(machine, ['traefik'], signal),
}

const dataPlane = '$(pgrep --exact caddy)'

export const routerFrozen: Sabotage = {
  name: 'router-frozen',
  what: 'stops the process that answers on the ports of the router: they still take connections',
  // One of the routes begins with plain http.
  reddens: nobodyAnswers({ code: /(TLS|HTTP)_TIMEOUT/, layer: 'TLS' }),
  breaks: (machine, signal) => freeze(machine, dataPlane, signal),
  mends: (machine, signal) => thaw(machine, dataPlane, signal),
}

const labelRouter = mainProcess('traefik_app')

export const routerApiFrozen: Sabotage = {
  name: 'router-api-frozen',
  what: 'stops the process of the router that knows its routes and tells of them; what it last said is still routed',
  reddens: {
    'PV-ROUTE-006': { verdict: 'fail', says: /HTTP: / },
    'PV-ROUTE-001': { verdict: 'fail', says: /^traefik\.ci\.lab\.test.*HTTP_TIMEOUT/s },
    'PV-ROUTE-004': { verdict: 'unknown', says: /HTTP_TIMEOUT/ },
    'PV-ROUTE-005': { verdict: 'unknown', says: /HTTP_TIMEOUT/ },
  },
  breaks: (machine, signal) => freeze(machine, labelRouter, signal),
  mends: (machine, signal) => thaw(machine, labelRouter, signal),
}

export const routerSpeaksPlain: Sabotage = {
  name: 'router-speaks-plain',
  what: 'has the router answer without TLS where TLS is expected',
  reddens: nobodyAnswers({ code: /TLS_NOT_TLS/, layer: 'TLS' }),
  breaks: (machine, signal) => setTls(machine, { policies: [] }, signal),
  mends: restoreTls,
}

export const routerOffSharedNetwork: Sabotage = {
  name: 'router-off-shared-network',
  what: 'moves the router to a network of its own, from where it reaches nobody',
  reddens: {
    'PV-SVC-005': { verdict: 'fail', says: /^traefik_app.*not on it/ },
    'PV-ROUTE-001': { verdict: 'fail', says: /504.*PROXY_OFF_NETWORK.*traefik_app/s },
    'PV-ROUTE-005': { verdict: 'fail', says: /^traefik@swarm.*10\.30\.0\.\d+/s },
    'PV-CI-001': { verdict: 'fail', says: /504/, beside: /^unknown paths: .*504/s },
    'PV-CI-002': { verdict: 'fail', says: /504/ },
    'PV-CI-003': { verdict: 'fail', says: /504/ },
  },
  breaks: async (machine, signal) => {
    await moveAside(machine, 'traefik_app', '--network-rm proxy', signal)
  },
  mends: async (machine, signal) => {
    await renewStacks(machine, ['traefik'], signal)
    await removeAside(machine, signal)
  },
}
