import { PvcheckError } from '../../core/errors.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import { formatCidr } from './cidr.ts'
import { type Ledger, ledgerOf } from './ledger.ts'
import type { Leaked, NetworkCensus } from './network-census.ts'
import { listSubnets, subnetsOf } from './overlay.ts'

/**
 * What one reading says of an overlay without a walk: how many have leaked only where the engine counts for itself.
 * Throws NETWORK_NOT_READ where the reading does not list it.
 */
export function judgeReading(reading: AddressReading | undefined, networkId: string): NetworkCensus {
  const network = reading?.networks.find(({ Id }) => Id === networkId)
  if (reading === undefined || network === undefined) {
    throw new PvcheckError({
      code: 'NETWORK_NOT_READ',
      seen: `no reading lists the network ${networkId.slice(0, 12)}`,
      wanted: 'a network that the reading has',
      remedy: 'See `docker network ls` on a manager, and take the census again.',
      exit: 'usage',
    })
  }
  const ledger = ledgerOf(reading, network)
  const { engine } = ledger
  return {
    id: network.Id,
    name: network.Name,
    ingress: network.Ingress,
    subnets: subnetsOf(network).map(formatCidr),
    ledger,
    free: engine === undefined ? { count: ledger.free, isExact: false } : { count: engine.free, isExact: true },
    leaked: leakedBy(ledger, reading.moved, listSubnets(subnetsOf(network))),
    transient: [],
    unconfirmed: [],
  }
}

function leakedBy({ engine, holders, pools }: Ledger, moved: boolean, subnets: string): Leaked {
  if (pools.length === 0) return { state: 'unknown', why: `it has no IPv4 subnet (${subnets})` }
  if (engine === undefined) {
    return { state: 'unknown', why: 'this engine does not count addresses (API 1.52 does): only a walk tells' }
  }
  if (moved) return { state: 'unknown', why: 'addresses came and went all the time while it was read' }
  const { unexplained } = engine
  if (unexplained < 0) {
    return {
      state: 'unknown',
      why: `the engine counts ${-unexplained} fewer in use than have a holder: somebody holds an address that the allocator has given up`,
    }
  }
  // Each of these counts as a holder by the rules of the Swarm; one that has no address hides a leaked one.
  const nameless = holders.filter(({ kind, address }) => kind === 'balancer' && address === undefined).length
  return { state: 'estimated', atLeast: unexplained, atMost: unexplained + nameless }
}
