import { parseRule } from './rule.mjs'

/** @import { Dynamic, Router, RouterInfo, Runtime, ServiceInfo, StaticConfig } from './types.ts' */

/** @param {StaticConfig} config */
export function providerName(config) {
  return config.major === 3 ? 'swarm' : 'docker'
}

/** Go's `math.MaxInt`, which no JSON number of ours can hold: the API writes it out in full. */
export const maxPriority = Number.MAX_SAFE_INTEGER

/**
 * What runs, and what is wrong with it: names with their provider, statuses, who uses what.
 * @param {Dynamic} dynamic
 * @param {StaticConfig} config
 * @returns {Runtime}
 */
export function buildRuntime(dynamic, config) {
  const provider = providerName(config)
  /** @type {Record<string, ServiceInfo>} */
  const services = {
    'api@internal': { status: 'enabled' },
    'noop@internal': { status: 'enabled' },
    'ping@internal': { status: 'enabled' },
  }
  for (const [name, loadBalancer] of Object.entries(dynamic.services)) {
    const strategy = config.major === 3 ? { strategy: 'wrr' } : {}
    services[`${name}@${provider}`] = {
      loadBalancer: {
        servers: loadBalancer.servers,
        ...strategy,
        passHostHeader: loadBalancer.passHostHeader,
        responseForwarding: { flushInterval: '100ms' },
      },
      status: 'enabled',
    }
  }
  /** @type {Record<string, RouterInfo>} */
  const routers = internalRouters(config)
  for (const [name, router] of Object.entries(dynamic.routers)) {
    routers[`${name}@${provider}`] = checkRouter(router, provider, dynamic.middlewares, services, config)
  }
  for (const [name, router] of Object.entries(routers)) {
    const service = services[qualify(router.service ?? '', name.split('@')[1] ?? provider)]
    if (service !== undefined) service.usedBy = [...(service.usedBy ?? []), name].sort()
  }
  return { routers, services }
}

/**
 * Every plain request is sent on to TLS, but for the ping.
 * @param {StaticConfig} config
 * @returns {Record<string, RouterInfo>}
 */
function internalRouters(config) {
  if (!('web' in config.entryPoints)) return {}
  return {
    'ping@internal': {
      entryPoints: ['web'],
      service: 'ping@internal',
      rule: 'PathPrefix(`/ping`)',
      priority: maxPriority,
      status: 'enabled',
      using: ['web'],
    },
    'web-to-web-secure@internal': {
      entryPoints: ['web'],
      middlewares: ['redirect-web-to-web-secure@internal'],
      service: 'noop@internal',
      rule: config.major === 3 ? 'HostRegexp(`^.+$`)' : 'HostRegexp(`{host:.+}`)',
      priority: maxPriority - 1,
      status: 'enabled',
      using: ['web'],
    },
  }
}

/**
 * @param {Router} router
 * @param {string} provider
 * @param {readonly string[]} middlewares
 * @param {Readonly<Record<string, ServiceInfo>>} services
 * @param {StaticConfig} config
 * @returns {RouterInfo}
 */
function checkRouter(router, provider, middlewares, services, config) {
  /** @type {string[]} */
  const warnings = []
  /** @type {string[]} */
  const failures = []
  const entryPoints = router.entryPoints ?? Object.keys(config.entryPoints)
  const using = entryPoints.filter((name) => name in config.entryPoints).sort()
  for (const name of entryPoints) {
    if (!using.includes(name)) warnings.push(`entryPoint ${JSON.stringify(name)} doesn't exist`)
  }
  if (using.length === 0) failures.push('no valid entryPoint for this router')
  const service = qualify(router.service ?? '', provider)
  if (services[service] === undefined) failures.push(`the service ${JSON.stringify(service)} does not exist`)
  for (const name of router.middlewares ?? []) {
    if (qualify(name, provider).endsWith(`@${provider}`) && !middlewares.includes(name.split('@')[0] ?? name)) {
      failures.push(`middleware ${JSON.stringify(qualify(name, provider))} does not exist`)
    }
  }
  try {
    parseRule(router.rule ?? '', config.major)
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error))
  }
  const errors = [...warnings, ...failures]
  return {
    entryPoints,
    ...router,
    priority: router.priority !== undefined && router.priority > 0 ? router.priority : (router.rule ?? '').length,
    ...(router.tls === undefined ? {} : { tls: { options: 'default', ...router.tls } }),
    ...(errors.length === 0 ? {} : { error: errors }),
    status: failures.length > 0 ? 'disabled' : warnings.length > 0 ? 'warning' : 'enabled',
    ...(using.length === 0 ? {} : { using }),
  }
}

/**
 * @param {string} name
 * @param {string} provider
 */
export function qualify(name, provider) {
  return name.includes('@') ? name : `${name}@${provider}`
}
