import type { z } from 'zod'
import type { expectationsSchema } from '../../../harness/model/expectations.ts'
import type { Route } from '../../../harness/model/routing.ts'
import type { LabMachine } from '../../host/machine.ts'
import { ciTokenFile, pollIntervalMs, rootCaFile } from './deploy.ts'
import { type LabRoute, labHosts, labRoutes, labStacks } from './routes.ts'

/** What a practice host is held against: what is intended, whatever state it is in. */
export function labExpectations(
  { address }: Pick<LabMachine, 'address'>,
  refreshMs: number,
): z.input<typeof expectationsSchema> {
  return {
    sharedNetwork: {
      name: 'proxy',
      subnets: ['10.10.0.0/16'],
      declared: [
        { kind: 'file', path: '/etc/nixos/modules/swarm.nix' },
        { kind: 'unit', unit: 'swarm-init.service' },
      ],
    },
    stacks: labStacks,
    controlPlane: Object.keys(labStacks).map((stack) => ({ service: `${stack}_app` })),
    routes: labRoutes.map(expectedOf),
    proxy: {
      service: 'traefik_app',
      api: 'https://traefik.ci.lab.test/api',
      ping: 'https://traefik.ci.lab.test/ping',
      refreshSeconds: refreshMs / 1000,
      // The stand-in sits on nothing; this is how long it takes to ask the engine and to reload.
      throttleSeconds: 0.2,
    },
    // Caddy's certificates last 12 hours, and are renewed when a third of that is left.
    certificates: { minDaysLeft: 0.05 },
    publishedAt: address,
    ci: {
      url: 'https://drone.ci.lab.test',
      repo: 'recipe-maintainers/cc-ci',
      credentials: { file: ciTokenFile },
    },
    dashboard: {
      url: 'https://ci.lab.test/',
      recipes: ['custom-html', 'ghost', 'hedgedoc'],
      build: 'td:nth-child(3)',
      // It asks the CI server for each page anew.
      lagSeconds: 2,
    },
    reportSite: {
      url: 'https://report.ci.lab.test/',
      marker: '<h1>Recipe CI reports</h1>',
      time: 'time',
      maxAgeHours: 24,
    },
    bridge: { service: 'ccci-bridge_app', pollSeconds: pollIntervalMs(refreshMs) / 1000 },
    quiet: {
      units: ['upgrade-all.service', 'ci-docker-prune.service'],
      processes: ['(^|/)upgrade-all( |$)'],
      lockFiles: ['/run/lock/ci-upgrade.lock'],
      builds: true,
      runApps: ['^[a-z0-9]{1,4}-[0-9a-f]{6}_ci_lab_test$'],
    },
    throwaway: { stacks: 4, atOnce: 2, image: 'pvcheck-lab/busybox:1', convergeSeconds: 30, leaseSeconds: 30 },
  }
}

/** How the names of its routes are reached from the machine that hosts it. */
export function labHttp({ address }: Pick<LabMachine, 'address'>): object {
  return { resolve: Object.fromEntries(labHosts.map((host) => [host, address])), ca: rootCaFile }
}

/** Two services say no more than OK: the header tells whose it is. */
function expectedOf({ host, path, service, status, contains, location, standIn, json }: LabRoute) {
  return {
    url: `https://${host}${path}`,
    service,
    status,
    headers: { 'x-pvcheck-stand-in': standIn, ...(location === undefined ? {} : { location }) },
    ...(contains === undefined ? {} : { body: contains }),
    ...(json === undefined ? {} : { json }),
  } satisfies Partial<Route>
}
