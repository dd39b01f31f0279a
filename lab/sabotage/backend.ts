import { type LabMachine, runOn } from '../host/machine.ts'
import { moveAside, removeAside } from './aside.ts'
import { renewStacks } from './control-plane.ts'
import { freeze, mainProcess, thaw } from './freeze.ts'
import { reportSiteLost } from './outside.ts'
import { waitForListeners } from './own-web.ts'
import { restoreTls, routerSockets, waitForRouter } from './router.ts'
import type { Sabotage } from './sabotage.ts'
import { updateService } from './update-service.ts'

const service = 'ccci-reports_app'
const backend = mainProcess(service)

export const backendFrozen: Sabotage = {
  name: 'backend-frozen',
  what: 'stops the process of the report site: it takes every request, and answers none',
  reddens: reportSiteLost('HTTP_TIMEOUT', 'HTTP: '),
  breaks: (machine, signal) => freeze(machine, backend, signal),
  mends: (machine, signal) => thaw(machine, backend, signal),
}

/** In the network namespace of the task alone. */
const deafness = `nsenter --target ${backend} --net iptables --wait`
const dropWeb = 'INPUT --protocol tcp --dport 80 --jump DROP'

export const backendDeaf: Sabotage = {
  name: 'backend-deaf',
  what: 'has the report site drop what comes for its port: the Swarm and the router believe it is well',
  reddens: reportSiteLost('504.*GATEWAY_504', '504'),
  breaks: async (machine, signal) => {
    await runOn(machine, `${deafness} --check ${dropWeb} 2> /dev/null || ${deafness} --insert ${dropWeb}`, { signal })
    // On a connection that was kept the router would wait for its answer, and never find out.
    await restoreTls(machine, signal)
  },
  mends: async (machine, signal) => {
    await runOn(machine, `! ${deafness} --check ${dropWeb} 2> /dev/null || ${deafness} --delete ${dropWeb}`, { signal })
  },
}

export const backendOnWrongNetwork: Sabotage = {
  name: 'backend-on-wrong-network',
  what: 'puts the report site on a second network, too, and names that one in the label by which the router chooses',
  reddens: {
    'PV-ROUTE-005': { verdict: 'fail', says: /^ccci-reports@swarm: .*10\.30\.0\.\d+/s },
    ...reportSiteLost('504.*WRONG_NETWORK.*10\\.30\\.0\\.', '504'),
  },
  breaks: async (machine, signal) => {
    await moveAside(machine, service, '--label-add traefik.swarm.network=aside', signal)
    await waitForBackend(machine, /^http:\/\/10\.30\./, signal)
  },
  mends: async (machine, signal) => {
    await renewStacks(machine, ['ccci-reports'], signal)
    await removeAside(machine, signal)
  },
}

export const backendStale: Sabotage = {
  name: 'backend-stale',
  what: 'keeps the router from applying what is new, and replaces the task of the report site: requests go to the old one',
  reddens: {
    'PV-ROUTE-005': { verdict: 'fail', says: /^ccci-reports@swarm: .*10\.10\./s },
    ...reportSiteLost('50[24].*BACKEND_GONE', '50[24]'),
  },
  breaks: async (machine, signal) => {
    // The router asks its data plane to change by this socket, and keeps to what it has as long as that does not answer.
    await runOn(machine, `cd ${routerSockets} && { [ ! -e caddy.sock ] || mv caddy.sock caddy.sock.aside; }`, {
      signal,
    })
    await updateService(machine, service, { args: '--force', done: '"ForceUpdate.: 1"' }, signal)
    await waitForListeners(machine, service, 1, signal)
  },
  mends: async (machine, signal) => {
    await runOn(machine, `cd ${routerSockets} && { [ ! -e caddy.sock.aside ] || mv caddy.sock.aside caddy.sock; }`, {
      signal,
    })
    await renewStacks(machine, ['ccci-reports'], signal)
  },
}

async function waitForBackend(machine: LabMachine, url: RegExp, signal: AbortSignal): Promise<void> {
  await waitForRouter(machine, {
    what: `the report site's backend to be ${url}`,
    wanted: ({ services }) =>
      services['ccci-reports@swarm']?.loadBalancer?.servers.every((server) => url.test(server.url)) === true,
    signal,
  })
}
