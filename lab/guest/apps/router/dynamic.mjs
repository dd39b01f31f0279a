import { isDeepStrictEqual } from 'node:util'
import { decodeLabels } from './labels.mjs'
import { chooseAddress } from './network.mjs'

/** @import { Dynamic, Log, Router, Workload } from './types.ts' */

/**
 * The routers and load balancers that the labels of all workloads add up to. Tasks of one service share a load balancer;
 * a name that is declared twice with different meanings is dropped, as Traefik does.
 * @param {readonly Workload[]} workloads
 * @param {Log} log
 * @returns {Dynamic}
 */
export function buildDynamic(workloads, log) {
  /** @type {Dynamic} */
  const merged = { routers: {}, services: {}, middlewares: [] }
  const torn = { routers: new Set(), services: new Set() }
  const sorted = [...workloads].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  for (const workload of sorted.filter((candidate) => candidate.settings.enable)) {
    const single = buildOne(workload, log)
    if (single === undefined) continue
    for (const [name, service] of Object.entries(single.services)) {
      const present = merged.services[name]
      if (present === undefined) merged.services[name] = service
      else if (present.passHostHeader !== service.passHostHeader) torn.services.add(name)
      else
        present.servers.push(
          ...service.servers.filter(({ url }) => !present.servers.some((server) => server.url === url)),
        )
    }
    for (const [name, router] of Object.entries(single.routers)) {
      const present = merged.routers[name]
      if (present === undefined) merged.routers[name] = router
      else if (!isDeepStrictEqual(present, router)) torn.routers.add(name)
    }
    merged.middlewares.push(...single.middlewares.filter((name) => !merged.middlewares.includes(name)))
  }
  for (const name of torn.services) {
    log.error('Service defined multiple times with different configurations', { serviceName: name })
    delete merged.services[name]
  }
  for (const name of torn.routers) {
    log.error('Router defined multiple times with different configurations', { routerName: name })
    delete merged.routers[name]
  }
  return merged
}

/**
 * @param {Workload} workload
 * @param {Log} log
 * @returns {Dynamic | undefined}
 */
function buildOne(workload, log) {
  const container = keyOf(workload)
  try {
    const labelled = decodeLabels(workload.labels)
    const fallback = normalize(workload.serviceName)
    if (Object.keys(labelled.services).length === 0) {
      labelled.services[fallback] = { port: '', scheme: 'http', passHostHeader: true }
    }
    const services = Object.fromEntries(
      Object.entries(labelled.services).map(([name, { port, scheme, passHostHeader }]) => {
        const address = chooseAddress(workload, log)
        if (address === '') {
          throw new Error(
            `service ${JSON.stringify(name)} error: unable to find the IP address for the container ${JSON.stringify(workload.name)}: the server is ignored`,
          )
        }
        // Swarm tells Traefik no ports, so that this label is the one thing no service can do without.
        if (port === '') throw new Error(`service ${JSON.stringify(name)} error: port is missing`)
        return [name, { servers: [{ url: `${scheme}://${address}:${port}` }], passHostHeader }]
      }),
    )
    return {
      services,
      routers: linkRouters(labelled.routers, Object.keys(services), fallback, log),
      middlewares: labelled.middlewares,
    }
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error), { container })
    return undefined
  }
}

/**
 * Gives each router a rule and a service where its labels name none.
 * @param {Record<string, Router>} routers
 * @param {readonly string[]} serviceNames
 * @param {string} fallback
 * @param {Log} log
 */
function linkRouters(routers, serviceNames, fallback, log) {
  if (Object.keys(routers).length === 0) {
    if (serviceNames.length > 1) {
      log.info('Could not create a router for the container: too many services')
      return {}
    }
    routers[fallback] = {}
  }
  for (const [name, router] of Object.entries(routers)) {
    router.rule ??= `Host(\`${fallback}\`)`
    if (router.service !== undefined) continue
    if (serviceNames.length > 1) {
      log.error('Could not define the service name for the router: too many services', { routerName: name })
      delete routers[name]
    } else if (serviceNames[0] !== undefined) router.service = serviceNames[0]
  }
  return routers
}

/** @param {Workload} workload */
function keyOf(workload) {
  return `${normalize(workload.serviceName)}-${workload.id}`
}

/**
 * A name as Traefik writes it: whatever is no letter and no digit becomes one dash.
 * @param {string} name
 */
export function normalize(name) {
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .join('-')
}
