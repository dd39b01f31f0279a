import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import type { Throwaway } from '../../model/throwaway.ts'
import { sizeOf } from '../address/cidr.ts'
import { nameOf } from '../address/overlay.ts'
import { count, duration, list } from '../say.ts'
import { type Budget, budgetOf, type Need } from './budget.ts'

/** What a network of a stack's own needs: its VIP, its task, a node's load balancer, and three that nobody is given. */
const ownNeeds = 6

export const roomForStacks = defineCheck({
  id: 'PV-PRE-008',
  title: 'There is room for the test stacks, and enough stays free',
  needs: { swarm: quietSwarm },
  judge: ({ swarm }, wanted): readonly Judgement[] => {
    const { throwaway } = wanted
    const budget = budgetOf(swarm, wanted)
    const said = {
      subject: 'blast radius',
      expected: `at most ${throwaway.maxSharePercent} % of what is free on each network, and ${throwaway.minFree} left on it`,
      actual: describeBudget(budget, throwaway),
    }
    const faults = faultsOf(budget, wanted)
    if (faults.length > 0) {
      return [
        {
          ...said,
          verdict: 'blocked',
          code: 'NO_ROOM',
          reason: list(faults),
          remedy:
            'Make room (remove services that are not needed, recreate the network on a wider subnet), or ask for less: `expect.throwaway.atOnce`, `maxSharePercent`, `minFree`.',
        },
      ]
    }
    if (budget.subnets !== undefined) return [{ ...said, verdict: 'pass' }]
    return [
      {
        ...said,
        verdict: 'unknown',
        reason: 'the engine does not tell from which pool networks are given their subnets',
        remedy: 'See whether `docker info` names a `Default Address Pool` on a manager.',
      },
    ]
  },
})

/** In one line, for a person who reads it before the first create. */
function describeBudget({ needs, subnets, atOnce }: Budget, throwaway: Throwaway): string {
  const { stacks, publish, memoryMiB, convergeSeconds, lifetimeSeconds } = throwaway
  const waves = Math.ceil(stacks / atOnce)
  const networks =
    subnets === undefined
      ? `${count(atOnce, 'network')} of their own`
      : `${count(atOnce, 'network')} of their own, /${subnets.prefixLength}, of ${subnets.free.toLocaleString('en-US')} that can be given`
  const parts = [
    ...needs.map(describeNeed),
    networks,
    `${count(atOnce, 'service')} and ${count(atOnce, 'container')} of ${memoryMiB} MiB`,
    `${count(atOnce, 'port')} of ${publish.from} to ${publish.to} (${publish.mode} mode)`,
    `until all have run ${duration(waves * convergeSeconds * 1000)} at most`,
    `each container ends by itself after ${duration(lifetimeSeconds * 1000)}`,
  ]
  return `${count(stacks, 'stack')}, ${atOnce} at once: ${parts.join('; ')}`
}

function describeNeed({ name, network, needed, free }: Need): string {
  if (network === undefined) return `no overlay ${plain(name, 100)}`
  return `${count(needed, 'address', 'addresses')} on ${plain(name, 100)}, at most ${free.toLocaleString('en-US')} free`
}

function faultsOf({ needs, subnets, atOnce }: Budget, { throwaway }: Expectations): readonly string[] {
  return [...needs.flatMap((need) => faultsOn(need, throwaway)), ...subnetFaults(subnets, atOnce)]
}

function faultsOn({ name, network, needed, free }: Need, { maxSharePercent, minFree }: Throwaway): readonly string[] {
  if (network === undefined) return [`there is no overlay ${plain(name, 100)} to put them on`]
  const on = `on ${plain(nameOf(network), 120)}`
  return [
    needed > (free * maxSharePercent) / 100 ? `${needed} of ${free} free are more than ${maxSharePercent} % ${on}` : '',
    free - needed < minFree ? `only ${Math.max(0, free - needed)} would stay free ${on}` : '',
  ].filter((fault) => fault !== '')
}

function subnetFaults(subnets: Budget['subnets'], atOnce: number): readonly string[] {
  if (subnets === undefined) return []
  const { prefixLength, free } = subnets
  return [
    free < atOnce ? `the Swarm's address pools have ${count(free, 'subnet')} left for ${count(atOnce, 'network')}` : '',
    sizeOf(prefixLength) < ownNeeds ? `a /${prefixLength} from the Swarm's address pools is too small for a stack` : '',
  ].filter((fault) => fault !== '')
}
