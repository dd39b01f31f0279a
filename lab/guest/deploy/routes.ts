/** A route of the practice host as it must answer from outside. */
export interface LabRoute {
  readonly host: string
  readonly path: string
  readonly service: string
  readonly status: number
  /** A part of the body that no other route has. */
  readonly contains?: string
  readonly location?: string
  /** What the answer says it stands in for. */
  readonly standIn: string
  /** A JSON Schema of the body. */
  readonly json?: Readonly<Record<string, unknown>>
}

const text = { type: 'string', minLength: 1 }
const version = {
  type: 'object',
  required: ['Version', 'Codename', 'startDate'],
  properties: { Version: text, Codename: text, startDate: { type: 'string', format: 'date-time' } },
}
const traefik = { host: 'traefik.ci.lab.test', service: 'traefik_app', standIn: 'traefik' }
const drone = { host: 'drone.ci.lab.test', service: 'drone_app', standIn: 'drone' }
const dashboard = { host: 'ci.lab.test', service: 'ccci-dashboard_app', standIn: 'recipe dashboard' }
const reports = { host: 'report.ci.lab.test', service: 'ccci-reports_app', standIn: 'report site' }

export const labRoutes: readonly LabRoute[] = [
  { ...traefik, path: '/ping', status: 200, contains: 'OK' },
  { ...traefik, path: '/api/version', status: 200, contains: '"Version"', json: version },
  { ...drone, path: '/', status: 303, location: '/welcome' },
  { ...drone, path: '/healthz', status: 200, contains: 'OK' },
  { ...dashboard, path: '/', status: 200, contains: '<h1>Recipe CI dashboard</h1>' },
  { ...reports, path: '/', status: 200, contains: '<h1>Recipe CI reports</h1>' },
]

/** The names that lead to the host. */
export const labHosts: readonly string[] = [...new Set(labRoutes.map(({ host }) => host))]

/** The stacks, with the number of services of each. */
export const labStacks: Readonly<Record<string, number>> = {
  traefik: 1,
  drone: 1,
  'ccci-dashboard': 1,
  'ccci-bridge': 1,
  'ccci-reports': 1,
}
