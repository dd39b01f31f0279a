import { defineCheck } from '../../model/check.ts'
import { networks } from '../../model/facts/networks.ts'
import { overlaysOf, sharedNetworkOf } from '../address/overlay.ts'
import { list } from '../say.ts'

export const sharedNetworkIsThere = defineCheck({
  id: 'PV-NET-001',
  title: 'The shared network is an overlay of the Swarm, and attachable as intended',
  needs: { networks },
  judge: ({ networks }, wanted) => {
    const { name, attachable } = wanted.sharedNetwork
    const subject = name
    const expected = `overlay, scope swarm, ${attachable ? 'attachable' : 'not attachable'}`
    const shared = sharedNetworkOf(networks, wanted)
    if (shared === undefined) {
      const namesake = networks.find(({ Name }) => Name === name)
      const others = list(overlaysOf(networks).map(({ Name }) => Name))
      return [
        {
          subject,
          expected,
          actual:
            namesake === undefined
              ? `no network of that name; the overlays are: ${others || 'none'}`
              : `driver ${namesake.Driver}, scope ${namesake.Scope}`,
          verdict: 'fail',
          code: namesake === undefined ? 'NETWORK_MISSING' : 'NETWORK_NOT_OVERLAY',
          reason: 'the stacks of several nodes, or of one, cannot meet on it',
          remedy:
            namesake === undefined
              ? `Create it (\`docker network create --driver overlay --attachable --subnet <subnet> ${name}\`), then update every service that is to be on it; or set \`expect.sharedNetwork.name\` if it has another name.`
              : 'Set `expect.sharedNetwork.name` to the overlay that is meant; if there is none, create it under a name that no network of this node has.',
        },
      ]
    }
    const is = shared.Attachable ? 'attachable' : 'not attachable'
    const driver = shared.Driver === '' ? 'no driver yet' : shared.Driver
    return [
      {
        subject,
        expected,
        actual: `${driver}, scope ${shared.Scope}, ${is}, id ${shared.Id}, created ${shared.Created}`,
        ...(shared.Attachable === attachable
          ? { verdict: 'pass' }
          : {
              verdict: 'fail',
              code: 'NETWORK_NOT_ATTACHABLE',
              reason: attachable
                ? 'a container that is not part of a service cannot join it'
                : 'any container on any node can join it and take an address',
              remedy:
                'This cannot be changed in place: recreate the network in a maintenance window, or correct `expect.sharedNetwork.attachable`.',
            }),
      },
    ]
  },
})
