import type { Network } from '../../model/facts/networks.ts'
import type { Service } from '../../model/facts/services.ts'
import { indexLedgers } from '../address/ledger.ts'
import { nameOf, overlaysOf } from '../address/overlay.ts'
import { waitingServices } from '../network/waiting.ts'
import type { Price } from './plan.ts'
import type { SwarmFacts } from './swarm-facts.ts'
import { isNetwork, networkTargets } from './users.ts'

/**
 * Whenever a task ends or a service goes, the Swarm tries again to serve the services that wait for a VIP. Each try takes
 * an address on every network that such a service names *before* the full one, and loses it.
 */
export function pricesOf(facts: SwarmFacts, going: ReadonlySet<string>, ends: number): readonly Price[] {
  const overlays = overlaysOf(facts.networks)
  const ledgerOf = indexLedgers({ ...facts, attached: facts.attachedContainers })
  const freeOn = (network: Network): number => ledgerOf(network).free
  const waiting = waitingForVip(facts)
  const goFirst = waiting.filter(({ service }) => going.has(service.ID)).length
  return waiting.flatMap(({ service, missing }): readonly Price[] => {
    const inOrder = networkTargets(service).flatMap(
      (target) => overlays.find((network) => isNetwork(network)(target)) ?? [],
    )
    const full = missing.filter((network) => freeOn(network) <= 0)
    // By the count of the API none may be full, for leaked addresses are not in it: then each may be.
    const suspects = full.length > 0 ? full : missing
    const last = Math.max(...suspects.map((network) => inOrder.indexOf(network)))
    const leaksOn = inOrder.slice(0, Math.max(0, last)).filter((network) => !full.includes(network))
    const goesFirst = going.has(service.ID)
    const times = goesFirst ? goFirst - 1 : ends
    if (leaksOn.length === 0) return []
    return [
      {
        service: service.Spec.Name,
        goesFirst,
        fullNetworks: suspects.map(nameOf),
        leaksOn: leaksOn.map((network) => `${nameOf(network)}, ${freeOn(network)} free at most`),
        times,
      },
    ]
  })
}

interface WaitingForVip {
  readonly service: Service
  readonly missing: readonly Network[]
}

/** Only who lacks a VIP leaks: the addresses of a task are given back when not all of them are found. */
export function waitingForVip({ networks, services, tasks, nowMs }: SwarmFacts): readonly WaitingForVip[] {
  const byName = new Map(services.map((service) => [service.Spec.Name, service]))
  return waitingServices(overlaysOf(networks), services, tasks, nowMs).flatMap(({ name, withoutVip }) => {
    const service = byName.get(name)
    return service === undefined || withoutVip.length === 0 ? [] : [{ service, missing: withoutVip }]
  })
}
