import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import { servicesHaveAddresses } from '../network/services-have-addresses.ts'

/**
 * The same question as PV-NET-007, asked anew: with every task of ours that ends, the Swarm would try again to serve who
 * waits, and each try leaks. A service that a dead run left behind does so like any other.
 */
export const noServiceWaits = defineCheck({
  id: 'PV-PRE-007',
  title: 'No service waits for an address while stacks come and go',
  needs: { swarm: quietSwarm },
  judge: ({ swarm }, wanted) =>
    servicesHaveAddresses.judge(swarm, wanted).map((judgement): Judgement => {
      if (judgement.verdict !== 'fail') return judgement
      return { ...judgement, verdict: 'blocked', code: 'SERVICE_WAITS_FOR_ADDRESS' }
    }),
})
