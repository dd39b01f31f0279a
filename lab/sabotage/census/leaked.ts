import { execOn, runOn } from '../../host/machine.ts'
import { leakByFullNeighbour } from '../../leak/full-neighbour.ts'
import type { Sabotage } from '../sabotage.ts'

/** A network of its own, so that healing costs nobody a restart of dockerd: what leaked goes with it. */
const network = 'drained'

/** 21 + 20 + ... + 1: so many are leaked by as many services that wait in vain. */
const services = 21

export const addressesLeaked: Sabotage = {
  name: 'addresses-leaked',
  what: `leaks nine of ten addresses of a /24, \`${network}\`, by services that wait for another network that is full`,
  reddens: {
    'PV-ADR-001': { verdict: 'fail', says: /^drained: 2\d\d leaked: 10\.78\.0\.\d+/ },
    'PV-ADR-002': { verdict: 'fail', says: /^drained: 2\d\d of 253 addresses in use \(9\d %\)/ },
  },
  breaks: async (machine, signal) => {
    await runOn(machine, `docker network create --driver overlay --subnet 10.78.0.0/24 ${network} > /dev/null`, {
      signal,
    })
    await leakByFullNeighbour(machine, { network, services, signal })
  },
  mends: async (machine, signal) => {
    await execOn(machine, `docker network rm ${network}`, { signal })
  },
}
