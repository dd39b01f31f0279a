import { hostAddresses } from '../../model/facts/host-addresses.ts'
import { hostRoutes } from '../../model/facts/host-routes.ts'
import type { Question } from '../question.ts'

/** IPv4 only: that is what an overlay of the Swarm is given. */
export const hostNetworkQuestions: readonly Question[] = [
  { fact: hostRoutes, ask: (asker) => asker.run(['ip', '-4', '-j', 'route', 'show', 'table', 'all']) },
  { fact: hostAddresses, ask: (asker) => asker.run(['ip', '-4', '-j', 'address', 'show']) },
]
