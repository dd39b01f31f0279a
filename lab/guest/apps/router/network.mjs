/** @import { Log, Workload } from './types.ts' */

/**
 * The address to send requests to, chosen as Traefik does: the network its label or the provider names, else the first one.
 * Traefik's own "first" is a random one of several; here it is the first that the engine lists, so that a fault stays put.
 * @param {Workload} workload
 * @param {Log} log
 * @returns {string} empty where the workload has no address at all
 */
export function chooseAddress(workload, log) {
  const { network } = workload.settings
  if (network !== '' && workload.networks.length > 0) {
    const named = workload.networks.find((attachment) => attachment.name === network)
    if (named !== undefined) return named.address
    log.warn(
      `Could not find network named '${network}' for container '${workload.name}'! ` +
        "Maybe you're missing the project's prefix in the label? Defaulting to first available network.",
      { container: `${workload.serviceName}-${workload.id}` },
    )
  }
  const first = workload.networks[0]
  if (first === undefined) log.warn('Unable to find the IP address.', { container: workload.name })
  return first?.address ?? ''
}
