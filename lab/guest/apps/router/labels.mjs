/** @import { Labelled, Router, Settings, StaticConfig } from './types.ts' */

/**
 * The provider's own labels of one service: shall it be routed, over which network, to its VIP or to its tasks.
 * @param {Readonly<Record<string, string>>} labels
 * @param {StaticConfig} config
 * @returns {Settings & { deprecated: boolean }}
 */
export function decodeSettings(labels, config) {
  const docker = providerLabels(labels, 'docker')
  const swarm = config.major === 3 ? providerLabels(labels, 'swarm') : undefined
  if (docker !== undefined && swarm !== undefined) throw new Error('both Docker and Swarm labels are defined')
  const specific = swarm ?? docker
  return {
    enable: booleanOf(labelOf(labels, 'traefik.enable'), config.exposedByDefault),
    network: specific?.network ?? config.defaultNetwork,
    lbSwarm: booleanOf(specific?.lbswarm, false),
    deprecated: config.major === 3 && docker !== undefined,
  }
}

/**
 * @param {Readonly<Record<string, string>>} labels
 * @param {'docker' | 'swarm'} provider
 */
function providerLabels(labels, provider) {
  const network = labelOf(labels, `traefik.${provider}.network`)
  const lbswarm = labelOf(labels, `traefik.${provider}.lbswarm`)
  return network === undefined && lbswarm === undefined ? undefined : { network, lbswarm }
}

/**
 * Label names are not case-sensitive in Traefik.
 * @param {Readonly<Record<string, string>>} labels
 * @param {string} name
 */
function labelOf(labels, name) {
  return Object.entries(labels).find(([key]) => key.toLowerCase() === name)?.[1]
}

/**
 * @param {string | undefined} text
 * @param {boolean} fallback
 */
function booleanOf(text, fallback) {
  if (text === undefined) return fallback
  if (/^(1|t|true)$/i.test(text)) return true
  if (/^(0|f|false)$/i.test(text)) return false
  throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`)
}

/**
 * Routers and services that the labels declare. Throws on a field that Traefik does not know.
 * @param {Readonly<Record<string, string>>} labels
 * @returns {Labelled}
 */
export function decodeLabels(labels) {
  /** @type {Labelled} */
  const found = { routers: {}, services: {}, middlewares: [] }
  for (const [key, value] of Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const parts = key.split('.')
    if (parts[0]?.toLowerCase() !== 'traefik' || parts[1]?.toLowerCase() !== 'http') continue
    const [, , section, name, ...rest] = parts
    if (name === undefined) throw new Error(`field not found, node: ${section ?? 'http'}`)
    const field = rest.join('.').toLowerCase()
    switch (section?.toLowerCase()) {
      case 'routers':
        found.routers[name] ??= {}
        setRouterField(found.routers[name], field, value)
        break
      case 'services':
        found.services[name] ??= { port: '', scheme: 'http', passHostHeader: true }
        setServiceField(found.services[name], field, value)
        break
      case 'middlewares':
        if (!found.middlewares.includes(name)) found.middlewares.push(name)
        break
      default:
        throw new Error(`field not found, node: ${section}`)
    }
  }
  return found
}

/**
 * @param {Router} router
 * @param {string} field
 * @param {string} value
 */
function setRouterField(router, field, value) {
  if (field === 'rule') router.rule = value
  else if (field === 'service') router.service = value
  else if (field === 'entrypoints') router.entryPoints = listOf(value)
  else if (field === 'middlewares') router.middlewares = listOf(value)
  else if (field === 'priority') router.priority = Number.parseInt(value, 10)
  else if (field === 'tls') {
    if (booleanOf(value, false)) router.tls ??= {}
  } else if (field === 'tls.certresolver') router.tls = { ...router.tls, certResolver: value }
  else if (field === 'tls.options') router.tls = { ...router.tls, options: value }
  else if (field.startsWith('tls.domains')) router.tls ??= {}
  else if (field !== 'rulesyntax' && !field.startsWith('observability.')) {
    throw new Error(`field not found, node: ${field}`)
  }
}

/**
 * @param {{ port: string; scheme: string; passHostHeader: boolean }} service
 * @param {string} field
 * @param {string} value
 */
function setServiceField(service, field, value) {
  if (field === 'loadbalancer.server.port') service.port = value
  else if (field === 'loadbalancer.server.scheme') service.scheme = value
  else if (field === 'loadbalancer.passhostheader') service.passHostHeader = booleanOf(value, true)
  else if (!field.startsWith('loadbalancer.')) throw new Error(`field not found, node: ${field}`)
}

/** @param {string} text */
function listOf(text) {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
