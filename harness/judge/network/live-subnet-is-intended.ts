import { defineCheck } from '../../model/check.ts'
import { networks } from '../../model/facts/networks.ts'
import { parseCidr } from '../address/cidr.ts'
import { listSubnets, sharedNetworkOf, subnetsOf } from '../address/overlay.ts'

export const liveSubnetIsIntended = defineCheck({
  id: 'PV-NET-002',
  title: 'The live subnet of the shared network is the intended one',
  needs: { networks },
  notApplicable: ({ sharedNetwork }) =>
    sharedNetwork.subnets === undefined
      ? 'no subnet is intended: `expect.sharedNetwork.subnets` is not set'
      : undefined,
  judge: ({ networks }, wanted) => {
    const { name, subnets = [] } = wanted.sharedNetwork
    const expected = listSubnets(subnets.map(parseCidr).filter((subnet) => subnet !== undefined))
    const shared = sharedNetworkOf(networks, wanted)
    if (shared === undefined) {
      return [
        {
          subject: name,
          expected,
          actual: 'no such overlay',
          verdict: 'unknown',
          reason: 'there is no network to look at',
          remedy: 'See PV-NET-001.',
        },
      ]
    }
    const actual = listSubnets(subnetsOf(shared))
    if (actual === expected) return [{ subject: name, expected, actual, verdict: 'pass' }]
    return [
      {
        subject: name,
        expected,
        actual,
        verdict: 'fail',
        reason: 'a network keeps the subnet that it was created with, whatever is declared since',
        remedy: `In a maintenance window: take the services off ${name}, wait until their tasks have ended, remove the network, create it with \`--subnet ${expected}\`, and update the services. Every route through it is down meanwhile.`,
      },
    ]
  },
})
