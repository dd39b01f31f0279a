import type { Log, StaticConfig, Workload } from './types.ts'

/** Static configuration as the practice host's, but for what a test says. */
export function staticConfig(changes: Partial<StaticConfig> = {}): StaticConfig {
  return {
    major: 3,
    exposedByDefault: false,
    defaultNetwork: 'proxy',
    refreshMs: 15_000,
    dialTimeoutMs: 30_000,
    entryPoints: { web: 80, 'web-secure': 443 },
    startedAt: '2026-06-12T10:00:00.000Z',
    ...changes,
  }
}

/** Keeps what is logged, as `<level> <message>`. */
export function memoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const at = (level: string) => (message: string) => {
    lines.push(`${level} ${message}`)
  }
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}

/** Labels as a recipe carries them. */
export function recipeLabels(name: string, host: string): Record<string, string> {
  return {
    'traefik.enable': 'true',
    [`traefik.http.services.${name}.loadbalancer.server.port`]: '80',
    [`traefik.http.routers.${name}.rule`]: `Host(\`${host}\`)`,
    [`traefik.http.routers.${name}.entrypoints`]: 'web-secure',
    [`traefik.http.routers.${name}.tls`]: 'true',
  }
}

/** One running task on `proxy`, but for what a test says. */
export function workload(name: string, changes: Partial<Workload> = {}): Workload {
  return {
    id: `${name}-task`,
    name: `${name}_app.1`,
    serviceName: `${name}_app`,
    labels: recipeLabels(name, `${name}.test`),
    settings: { enable: true, network: 'proxy', lbSwarm: false },
    networks: [{ name: 'proxy', address: '10.10.0.7' }],
    ...changes,
  }
}
