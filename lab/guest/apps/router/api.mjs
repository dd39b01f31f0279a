import { maxPriority } from './runtime.mjs'

/** @import { Answer, Runtime, RouterInfo, ServiceInfo, StaticConfig } from './types.ts' */

/** @typedef {{ config: StaticConfig, runtime: Runtime, stopping: boolean }} State */

const perPageByDefault = 100

/**
 * Traefik's API and ping for one GET.
 * @param {string} target path and query
 * @param {State} state
 * @returns {Answer}
 */
export function answerApi(target, state) {
  const url = new URL(target, 'http://api.internal')
  const { config, runtime } = state
  if (url.pathname === '/ping') return text(state.stopping ? 503 : 200, state.stopping ? 'Service Unavailable' : 'OK')
  try {
    const [, root, section, kind, ...names] = url.pathname.split('/').map(decodeURIComponent)
    const name = names.length === 0 ? undefined : names.join('/')
    if (root !== 'api') return notFound()
    if (section === 'version' && kind === undefined) return json(version(config))
    if (section === 'overview' && kind === undefined) return json(overview(runtime, config))
    if (section === 'rawdata' && kind === undefined) return json(rawData(runtime))
    if (section === 'entrypoints') return entryPoints(url, kind, config)
    if (section === 'http' && kind === 'routers') return list(url, name, 'router', runtime.routers, representRouter)
    if (section === 'http' && kind === 'services') return list(url, name, 'service', runtime.services, representService)
    if (section === 'http' && kind === 'middlewares') return list(url, name, 'middleware', {}, (_, item) => item)
    return notFound()
  } catch (error) {
    return problem(400, error instanceof Error ? error.message : String(error))
  }
}

/**
 * @param {string} name
 * @param {RouterInfo} router
 */
function representRouter(name, router) {
  return { ...router, name, provider: name.split('@')[1] }
}

/**
 * @param {string} name
 * @param {ServiceInfo} service
 */
function representService(name, service) {
  return {
    ...service,
    ...serverStatus(service),
    name,
    provider: name.split('@')[1],
    ...(service.loadBalancer === undefined ? {} : { type: 'loadbalancer' }),
  }
}

/**
 * Without a health check Traefik calls every server UP.
 * @param {ServiceInfo} service
 */
function serverStatus(service) {
  if (service.loadBalancer === undefined) return {}
  return { serverStatus: Object.fromEntries(service.loadBalancer.servers.map(({ url }) => [url, 'UP'])) }
}

/**
 * One item by name, or the page of those the query asks for.
 * @template {{ status: string }} T
 * @param {URL} url
 * @param {string | undefined} name
 * @param {string} noun
 * @param {Readonly<Record<string, T>>} items
 * @param {(name: string, item: T) => unknown} represent
 * @returns {Answer}
 */
function list(url, name, noun, items, represent) {
  if (name !== undefined) {
    const item = items[name]
    return item === undefined ? problem(404, `${noun} not found: ${name}`) : json(represent(name, item))
  }
  const status = url.searchParams.get('status')?.toLowerCase() ?? ''
  const search = url.searchParams.get('search')?.toLowerCase() ?? ''
  const kept = Object.entries(items)
    .filter(([, item]) => status === '' || item.status === status)
    .filter(([key, item]) => `${key}\n${'rule' in item ? item.rule : ''}`.toLowerCase().includes(search))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return page(
    url,
    kept.map(([key, item]) => represent(key, item)),
  )
}

/**
 * @param {URL} url
 * @param {readonly unknown[]} items
 * @returns {Answer}
 */
function page(url, items) {
  const number = positive(url, 'page', 1)
  const perPage = positive(url, 'per_page', perPageByDefault)
  const start = (number - 1) * perPage
  if (start !== 0 && start >= items.length) throw new Error(`invalid request: page: ${number}, per_page: ${perPage}`)
  const next = number * perPage < items.length ? number + 1 : 1
  return json(items.slice(start, start + perPage), { 'X-Next-Page': String(next) })
}

/**
 * @param {URL} url
 * @param {string} key
 * @param {number} fallback
 */
function positive(url, key, fallback) {
  const raw = url.searchParams.get(key)
  if (raw === null || raw === '') return fallback
  const value = /^\d+$/.test(raw) ? Number(raw) : 0
  if (value <= 0) throw new Error(`invalid request: ${key}: ${value}`)
  return value
}

/** @param {StaticConfig} config */
function version(config) {
  const number = config.major === 3 ? '3.6.0+stand-in' : '2.11.0+stand-in'
  return { Version: number, Codename: 'practice', startDate: config.startedAt }
}

/**
 * @param {Runtime} runtime
 * @param {StaticConfig} config
 */
function overview(runtime, config) {
  const none = { total: 0, warnings: 0, errors: 0 }
  return {
    http: { routers: count(runtime.routers), services: count(runtime.services), middlewares: none },
    tcp: { routers: none, services: none, middlewares: none },
    udp: { routers: none, services: none },
    features: { tracing: '', metrics: '', accessLog: false },
    providers: [config.major === 3 ? 'Swarm' : 'Docker'],
  }
}

/** @param {Readonly<Record<string, { status: string }>>} items */
function count(items) {
  const statuses = Object.values(items).map(({ status }) => status)
  return {
    total: statuses.length,
    warnings: statuses.filter((status) => status === 'warning').length,
    errors: statuses.filter((status) => status === 'disabled').length,
  }
}

/** @param {Runtime} runtime */
function rawData(runtime) {
  return {
    routers: runtime.routers,
    services: Object.fromEntries(
      Object.entries(runtime.services).map(([name, service]) => [name, { ...service, ...serverStatus(service) }]),
    ),
  }
}

/**
 * @param {URL} url
 * @param {string | undefined} name
 * @param {StaticConfig} config
 * @returns {Answer}
 */
function entryPoints(url, name, config) {
  const all = Object.entries(config.entryPoints)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, port]) => ({
      address: `:${port}`,
      transport: {
        lifeCycle: { graceTimeOut: '10s' },
        respondingTimeouts: { readTimeout: '1m0s', idleTimeout: '3m0s' },
      },
      forwardedHeaders: {},
      http:
        key === 'web' ? { redirections: { entryPoint: { to: 'web-secure', scheme: 'https', permanent: true } } } : {},
      name: key,
    }))
  if (name === undefined) return page(url, all)
  const one = all.find((candidate) => candidate.name === name)
  return one === undefined ? problem(404, `entry point not found: ${name}`) : json(one)
}

/**
 * @param {unknown} value
 * @param {Readonly<Record<string, string>>} headers
 * @returns {Answer}
 */
function json(value, headers = {}) {
  const written = JSON.stringify(value)
    .replaceAll(`"priority":${maxPriority}`, '"priority":9223372036854775807')
    .replaceAll(`"priority":${maxPriority - 1}`, '"priority":9223372036854775806')
  return { status: 200, headers: { 'Content-Type': 'application/json', ...headers }, body: `${written}\n` }
}

/**
 * @param {number} status
 * @param {string} message
 * @returns {Answer}
 */
function problem(status, message) {
  return text(status, `${JSON.stringify({ message })}\n`)
}

/**
 * @param {number} status
 * @param {string} body
 * @returns {Answer}
 */
function text(status, body) {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body }
}

/** @returns {Answer} */
function notFound() {
  return text(404, '404 page not found\n')
}
