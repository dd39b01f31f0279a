import { decodeSettings } from './labels.mjs'

/** @import { Attachment, EngineNetwork, EngineService, EngineTask, Log, StaticConfig, Workload } from './types.ts' */

/**
 * What the provider routes to: one workload for each running task, or one for the service's VIP with `lbswarm`.
 * @param {readonly EngineService[]} services
 * @param {readonly EngineNetwork[]} networks those of scope swarm
 * @param {(serviceId: string) => readonly EngineTask[]} tasksOf tasks whose desired state is running
 * @param {StaticConfig} config
 * @param {Log} log
 * @returns {Workload[]}
 */
export function listWorkloads(services, networks, tasksOf, config, log) {
  const names = new Map(networks.map((network) => [network.Id, network.Name]))
  return services.flatMap((service) => {
    const base = { serviceName: service.Spec.Name, labels: service.Spec.Labels ?? {} }
    try {
      const { deprecated, ...settings } = decodeSettings(base.labels, config)
      if (deprecated) {
        log.warn('Labels traefik.docker.* for Swarm provider are deprecated. Please use traefik.swarm.* labels instead')
      }
      const dnsrr = service.Spec.EndpointSpec?.Mode === 'dnsrr'
      if (settings.lbSwarm && dnsrr) {
        log.warn(
          `Ignored dnsrr endpoint-mode not supported, service name: ${base.serviceName}. Fallback to Traefik load balancing`,
        )
      }
      if (settings.lbSwarm) {
        const attachments = dnsrr ? [] : vipsOf(service, names)
        if (attachments.length === 0) return []
        return [{ ...base, settings, id: service.ID, name: base.serviceName, networks: attachments }]
      }
      return tasksOf(service.ID)
        .filter((task) => task.Status.State === 'running')
        .map((task) => ({
          ...base,
          settings,
          id: task.ID,
          name: taskName(service, task),
          networks: attachmentsOf(task, names),
        }))
        .filter((workload) => workload.networks.length > 0)
    } catch (error) {
      log.error(`Skip container ${base.serviceName}`, { error: error instanceof Error ? error.message : String(error) })
      return []
    }
  })
}

/**
 * @param {EngineService} service
 * @param {EngineTask} task
 */
function taskName(service, task) {
  const global = service.Spec.Mode?.Global !== undefined && service.Spec.Mode.Global !== null
  return `${service.Spec.Name}.${global ? task.ID : (task.Slot ?? 0)}`
}

/**
 * @param {EngineTask} task
 * @param {ReadonlyMap<string, string>} names
 * @returns {Attachment[]}
 */
function attachmentsOf(task, names) {
  return (task.NetworksAttachments ?? []).flatMap(({ Network, Addresses }) => {
    const name = names.get(Network.ID)
    const address = Addresses?.at(-1)?.split('/')[0]
    return name === undefined || address === undefined ? [] : [{ name, address }]
  })
}

/**
 * @param {EngineService} service
 * @param {ReadonlyMap<string, string>} names
 * @returns {Attachment[]}
 */
function vipsOf(service, names) {
  return (service.Endpoint?.VirtualIPs ?? []).flatMap(({ NetworkID, Addr }) => {
    const name = names.get(NetworkID)
    const address = Addr?.split('/')[0]
    return name === undefined || address === undefined || address === '' ? [] : [{ name, address }]
  })
}
