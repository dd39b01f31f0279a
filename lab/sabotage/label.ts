import { deployStacks } from '../guest/deploy/deploy.ts'
import { type LabMachine, runOn } from '../host/machine.ts'
import { readRecord } from '../host/record.ts'
import { waitForControlPlane } from './control-plane.ts'
import { reportSiteLost } from './outside.ts'
import { waitForRouter } from './router.ts'
import type { Sabotage } from './sabotage.ts'

const reports = 'ccci-reports_app'
const dashboard = 'ccci-dashboard_app'
const ruleOf = (router: string) => `traefik.http.routers.${router}.rule`

export const routeMisnamed: Sabotage = {
  name: 'route-misnamed',
  what: "mistypes the report site's name in the label that the router reads",
  reddens: reportSiteLost('ROUTER_404', '404'),
  breaks: async (machine, signal) => {
    await label(machine, reports, { [ruleOf('ccci-reports')]: 'Host(`reports.ci.lab.test`)' }, signal)
    await waitForRule(machine, 'ccci-reports', 'Host(`reports.ci.lab.test`)', signal)
  },
  mends: (machine, signal) => relabel(machine, ['ccci-reports'], signal),
}

export const routeToWrongPort: Sabotage = {
  name: 'route-to-wrong-port',
  what: 'tells the router another port than the one on which the report site listens, which runs on undisturbed',
  reddens: reportSiteLost('WRONG_PORT_OR_HEALTH_PATH.*1 of 1 running', '502'),
  breaks: async (machine, signal) => {
    await label(machine, reports, { 'traefik.http.services.ccci-reports.loadbalancer.server.port': '8080' }, signal)
    await waitForRouter(machine, {
      what: 'the router to have heard of the wrong port',
      wanted: ({ services }) =>
        services['ccci-reports@swarm']?.loadBalancer?.servers.every(({ url }) => url.endsWith(':8080')) === true,
      signal,
    })
  },
  mends: (machine, signal) => relabel(machine, ['ccci-reports'], signal),
}

export const routesSwapped: Sabotage = {
  name: 'routes-swapped',
  what: "swaps the names of the dashboard and the report site: each answers under the other's",
  reddens: {
    'PV-ROUTE-001': { verdict: 'fail', says: /^(http:\/\/)?(report\.)?ci\.lab\.test\/: .*WRONG_SERVICE/s },
    'PV-CI-002': { verdict: 'fail', says: /^page: .*nothing to show/s },
    'PV-CI-003': { verdict: 'fail', says: /^https:\/\/report\.ci\.lab\.test\/: .*another page/s },
  },
  breaks: async (machine, signal) => {
    await label(machine, reports, { [ruleOf('ccci-reports')]: 'Host(`ci.lab.test`)' }, signal)
    await label(machine, dashboard, { [ruleOf('ccci-dashboard')]: 'Host(`report.ci.lab.test`)' }, signal)
    await waitForRule(machine, 'ccci-reports', 'Host(`ci.lab.test`)', signal)
    await waitForRule(machine, 'ccci-dashboard', 'Host(`report.ci.lab.test`)', signal)
  },
  mends: (machine, signal) => relabel(machine, ['ccci-reports', 'ccci-dashboard'], signal),
}

export const nameCaught: Sabotage = {
  name: 'name-caught',
  what: 'lets the report site catch whatever no other route wants: it answers under names that nobody knows',
  reddens: { 'PV-ROUTE-003': { verdict: 'fail', says: /^https:.*CATCH_ALL/s } },
  breaks: async (machine, signal) => {
    await label(
      machine,
      reports,
      {
        [ruleOf('catch-all')]: 'PathPrefix(`/`)',
        'traefik.http.routers.catch-all.priority': '1',
        'traefik.http.routers.catch-all.entrypoints': 'web-secure',
        'traefik.http.routers.catch-all.tls': 'true',
      },
      signal,
    )
    await waitForRule(machine, 'catch-all', 'PathPrefix(`/`)', signal)
  },
  mends: async (machine, signal) => {
    await relabel(machine, ['ccci-reports'], signal)
    await waitForRouter(machine, {
      what: 'the router to forget it',
      wanted: ({ routers }) => routers['catch-all@swarm'] === undefined,
      signal,
    })
  },
}

export const routersInError: Sabotage = {
  name: 'routers-in-error',
  what: 'declares two more routers at the report site: one with half a rule, one for a load balancer that is not there',
  reddens: {
    'PV-ROUTE-004': { verdict: 'fail', says: /^router (half@swarm: .*parsing rule|astray@swarm: .*does not exist)/s },
  },
  breaks: async (machine, signal) => {
    await label(
      machine,
      reports,
      {
        [ruleOf('half')]: 'Host(`half.ci.lab.test`) &&',
        [ruleOf('astray')]: 'Host(`astray.ci.lab.test`)',
        'traefik.http.routers.astray.service': 'nowhere',
      },
      signal,
    )
    await waitForRouter(machine, {
      what: 'the router to have found both in error',
      wanted: ({ routers }) => routers['half@swarm'] !== undefined && routers['astray@swarm'] !== undefined,
      signal,
    })
  },
  mends: async (machine, signal) => {
    await relabel(machine, ['ccci-reports'], signal)
    await waitForRouter(machine, {
      what: 'the router to forget both',
      wanted: ({ routers }) => routers['half@swarm'] === undefined && routers['astray@swarm'] === undefined,
      signal,
    })
  },
}

/** Labels of the service, not of its task, which goes on undisturbed. */
async function label(
  machine: LabMachine,
  service: string,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const args = Object.entries(labels).map(([key, value]) => `--label-add '${key}=${value}'`)
  await runOn(machine, `docker service update --quiet --detach --no-resolve-image ${args.join(' ')} ${service}`, {
    signal,
  })
}

/** As the stacks' own files have it; tasks whose definition is the same are left alone. */
async function relabel(machine: LabMachine, stacks: readonly string[], signal: AbortSignal): Promise<void> {
  const { refreshMs } = await readRecord(machine.dir)
  await runOn(machine, `set -eu\n${deployStacks(stacks, refreshMs)}`, { signal })
  await waitForControlPlane(machine, signal)
}

async function waitForRule(machine: LabMachine, router: string, rule: string, signal: AbortSignal): Promise<void> {
  await waitForRouter(machine, {
    what: `the router to read ${rule}`,
    wanted: ({ routers }) => routers[`${router}@swarm`]?.rule === rule,
    signal,
  })
}
