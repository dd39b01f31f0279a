/** A route of the practice host as it must answer from outside. */
export interface LabRoute {
  readonly host: string
  readonly path: string
  readonly service: string
  readonly status: number
  /** A part of the body that no other route has. */
  readonly contains?: string
  readonly location?: string
}

export const labRoutes: readonly LabRoute[] = [
  { host: 'traefik.ci.lab.test', path: '/ping', service: 'traefik_app', status: 200, contains: 'OK' },
  { host: 'traefik.ci.lab.test', path: '/api/version', service: 'traefik_app', status: 200, contains: '"Version"' },
  { host: 'drone.ci.lab.test', path: '/', service: 'drone_app', status: 303, location: '/welcome' },
  { host: 'drone.ci.lab.test', path: '/healthz', service: 'drone_app', status: 200, contains: 'OK' },
  { host: 'ci.lab.test', path: '/', service: 'ccci-dashboard_app', status: 200, contains: 'Recipe CI dashboard' },
  { host: 'report.ci.lab.test', path: '/', service: 'ccci-reports_app', status: 200, contains: 'Recipe CI reports' },
]

/** The stacks, with the number of services of each. */
export const labStacks: Readonly<Record<string, number>> = {
  traefik: 1,
  drone: 1,
  'ccci-dashboard': 1,
  'ccci-bridge': 1,
  'ccci-reports': 1,
}
