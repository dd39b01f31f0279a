/** What the outside of the recorded host is held against. */
export const routing = {
  routes: [
    {
      url: 'https://traefik.ci.lab.test/ping',
      service: 'traefik_app',
      headers: { 'x-pvcheck-stand-in': 'traefik' },
      body: 'OK',
    },
    {
      url: 'https://traefik.ci.lab.test/api/version',
      service: 'traefik_app',
      headers: { 'x-pvcheck-stand-in': 'traefik' },
      body: '"Version"',
      json: {
        type: 'object',
        required: ['Version', 'Codename', 'startDate'],
        properties: {
          Version: { type: 'string', minLength: 1 },
          Codename: { type: 'string', minLength: 1 },
          startDate: { type: 'string', format: 'date-time' },
        },
      },
    },
    {
      url: 'https://drone.ci.lab.test/',
      service: 'drone_app',
      status: 303,
      headers: { 'x-pvcheck-stand-in': 'drone', location: '/welcome' },
    },
    {
      url: 'https://drone.ci.lab.test/healthz',
      service: 'drone_app',
      headers: { 'x-pvcheck-stand-in': 'drone' },
      body: 'OK',
    },
    {
      url: 'https://ci.lab.test/',
      service: 'ccci-dashboard_app',
      headers: { 'x-pvcheck-stand-in': 'recipe dashboard' },
      body: '<h1>Recipe CI dashboard</h1>',
    },
    {
      url: 'https://report.ci.lab.test/',
      service: 'ccci-reports_app',
      headers: { 'x-pvcheck-stand-in': 'report site' },
      body: '<h1>Recipe CI reports</h1>',
    },
  ],
  proxy: {
    service: 'traefik_app',
    api: 'https://traefik.ci.lab.test/api',
    ping: 'https://traefik.ci.lab.test/ping',
    refreshSeconds: 0.5,
    throttleSeconds: 0.2,
  },
  // The proxy's own authority signs for twelve hours.
  certificates: { minDaysLeft: 0.05 },
  publishedAt: '198.51.100.14',
  ci: {
    url: 'https://drone.ci.lab.test',
    repo: 'recipe-maintainers/cc-ci',
    credentials: { file: 'ci-token' },
  },
  dashboard: {
    url: 'https://ci.lab.test/',
    recipes: ['custom-html', 'ghost', 'hedgedoc'],
    build: 'td:nth-child(3)',
    lagSeconds: 2,
  },
  reportSite: {
    url: 'https://report.ci.lab.test/',
    marker: '<h1>Recipe CI reports</h1>',
    time: 'time',
    maxAgeHours: 24,
  },
  bridge: { service: 'ccci-bridge_app', pollSeconds: 2, health: 'http://127.0.0.1:8081/healthz' },
}
