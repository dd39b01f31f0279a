import { parseRule, toExpression } from './rule.mjs'
import { qualify } from './runtime.mjs'

/** @import { Runtime, RouterInfo, StaticConfig } from './types.ts' */

/**
 * Where the pieces of this container meet.
 * @typedef {{ adminSocket: string, apiSocket: string, caddyData: string }} Paths
 */

const standIn = { 'X-Pvcheck-Stand-In': ['traefik'] }

/**
 * Caddy's whole configuration for what runs: plain requests are sent on to TLS, TLS ones to the first router that matches.
 * @param {Runtime} runtime
 * @param {StaticConfig} config
 * @param {Paths} paths
 */
export function caddyConfig(runtime, config, paths) {
  return {
    // Never on TCP: every container on the shared network could rewrite the routes.
    admin: { listen: `unix/${paths.adminSocket}`, origins: ['localhost'], config: { persist: false } },
    logging: { logs: { default: { level: 'ERROR' } } },
    storage: { module: 'file_system', root: paths.caddyData },
    apps: {
      pki: { certificate_authorities: { local: { install_trust: false, name: 'pvcheck lab' } } },
      // On demand, so that an unknown name gets a certificate and a 404, as Traefik's default certificate does.
      tls: { automation: { policies: [{ issuers: [{ module: 'internal' }], on_demand: true }] } },
      http: {
        grace_period: '1s',
        servers: Object.fromEntries(
          Object.entries(config.entryPoints).map(([name, port]) => [name, server(name, port, runtime, config, paths)]),
        ),
      },
    },
  }
}

/**
 * @param {string} name
 * @param {number} port
 * @param {Runtime} runtime
 * @param {StaticConfig} config
 * @param {Paths} paths
 */
function server(name, port, runtime, config, paths) {
  const base = { listen: [`:${port}`], automatic_https: { disable: true } }
  if (name === 'web') return { ...base, routes: plainRoutes(paths) }
  return {
    ...base,
    tls_connection_policies: [{}],
    routes: [...routerRoutes(name, runtime, config, paths), { handle: [notFound] }],
    errors: { routes: [gatewayTimeout, { handle: [proxyFailure] }] },
  }
}

const notFound = {
  handler: 'static_response',
  status_code: 404,
  headers: { ...standIn, 'Content-Type': ['text/plain; charset=utf-8'] },
  body: '404 page not found\n',
}

const proxyFailure = {
  handler: 'static_response',
  status_code: '{http.error.status_code}',
  headers: { ...standIn, 'Content-Type': ['text/plain; charset=utf-8'] },
  body: '{http.error.status_text}',
}

/** Caddy calls a backend that never accepts the connection a bad gateway, Traefik a timeout. */
const gatewayTimeout = {
  match: [{ expression: '{http.error.message}.contains("i/o timeout")' }],
  handle: [{ ...proxyFailure, status_code: 504, body: 'Gateway Timeout' }],
  terminal: true,
}

/** @param {Paths} paths */
function plainRoutes(paths) {
  const location = 'https://{http.request.host}{http.request.uri}'
  const redirect = { handler: 'static_response', headers: { ...standIn, Location: [location] } }
  return [
    { match: [{ expression: '{http.request.uri.path}.startsWith("/ping")' }], handle: [toApi(paths)], terminal: true },
    { match: [{ method: ['GET'] }], handle: [{ ...redirect, status_code: 301 }], terminal: true },
    { handle: [{ ...redirect, status_code: 308 }] },
  ]
}

/** @param {Paths} paths */
function toApi(paths) {
  return { handler: 'reverse_proxy', upstreams: [{ dial: `unix/${paths.apiSocket}` }] }
}

/**
 * Enabled TLS routers of one entry point, by priority; at equal priority by name, so that the order never depends on chance.
 * @param {string} entryPoint
 * @param {Runtime} runtime
 * @param {StaticConfig} config
 * @param {Paths} paths
 */
function routerRoutes(entryPoint, runtime, config, paths) {
  return Object.entries(runtime.routers)
    .filter(
      ([, router]) => router.status !== 'disabled' && router.tls !== undefined && router.using?.includes(entryPoint),
    )
    .sort(([a, one], [b, other]) => (other.priority ?? 0) - (one.priority ?? 0) || (a < b ? -1 : 1))
    .map(([name, router]) => ({
      match: [{ expression: toExpression(parseRule(router.rule ?? '', config.major)) }],
      handle: [handler(name, router, runtime, config, paths)],
      terminal: true,
    }))
}

/**
 * @param {string} name
 * @param {RouterInfo} router
 * @param {Runtime} runtime
 * @param {StaticConfig} config
 * @param {Paths} paths
 */
function handler(name, router, runtime, config, paths) {
  const service = qualify(router.service ?? '', name.split('@')[1] ?? '')
  if (service === 'api@internal' || service === 'ping@internal') return toApi(paths)
  const loadBalancer = runtime.services[service]?.loadBalancer
  if (loadBalancer === undefined) return { ...notFound, status_code: 418, body: "I'm a teapot" }
  const urls = loadBalancer.servers.map(({ url }) => new URL(url))
  const secure = urls[0]?.protocol === 'https:'
  return {
    handler: 'reverse_proxy',
    upstreams: urls.map((url) => ({ dial: `${url.hostname}:${url.port || (secure ? 443 : 80)}` })),
    load_balancing: { selection_policy: { policy: 'round_robin' } },
    ...(loadBalancer.passHostHeader
      ? {}
      : { headers: { request: { set: { Host: ['{http.reverse_proxy.upstream.hostport}'] } } } }),
    transport: {
      protocol: 'http',
      dial_timeout: `${config.dialTimeoutMs}ms`,
      ...(secure ? { tls: { insecure_skip_verify: true } } : {}),
    },
  }
}
