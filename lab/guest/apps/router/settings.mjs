/** @import { Paths } from './caddy-config.mjs' */
/** @import { StaticConfig } from './types.ts' */

/**
 * What the container's environment says, with Traefik's own defaults where it says nothing.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {{ config: StaticConfig, paths: Paths & { caddy: string, engine: string } }}
 */
export function readSettings(env) {
  const runtimeDir = env['RUNTIME_DIR'] ?? '/run/lab'
  return {
    config: {
      major: env['TRAEFIK_MAJOR'] === '2' ? 2 : 3,
      exposedByDefault: env['EXPOSED_BY_DEFAULT'] !== 'false',
      defaultNetwork: env['DEFAULT_NETWORK'] ?? '',
      refreshMs: milliseconds(env, 'REFRESH_MS', 15_000),
      dialTimeoutMs: milliseconds(env, 'DIAL_TIMEOUT_MS', 30_000),
      entryPoints: {
        web: Number(env['WEB_PORT'] ?? 80),
        'web-secure': Number(env['WEB_SECURE_PORT'] ?? 443),
      },
      startedAt: new Date().toISOString(),
    },
    paths: {
      adminSocket: `${runtimeDir}/caddy.sock`,
      apiSocket: `${runtimeDir}/api.sock`,
      caddyData: env['CADDY_DATA'] ?? '/srv/lab/caddy-data/caddy',
      caddy: env['CADDY'] ?? '/usr/bin/caddy',
      engine: env['DOCKER_SOCKET'] ?? '/var/run/docker.sock',
    },
  }
}

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {string} name
 * @param {number} fallback
 */
function milliseconds(env, name, fallback) {
  const value = Number(env[name] ?? fallback)
  if (!Number.isInteger(value) || value <= 0)
    throw new Error(`${name}=${env[name]}: wanted a whole number of milliseconds`)
  return value
}
