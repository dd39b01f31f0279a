import type { Task } from '../../model/facts/tasks.ts'
import { addressesOf, isLive } from '../address/task-state.ts'
import { heldBack } from './held-back.ts'
import { liveRunOf } from './live-run.ts'
import { nearNames } from './near-names.ts'
import { notesOn } from './notes.ts'
import type { RemovalPlan, StackPlan, UnknownStack, Usable } from './plan.ts'
import { pricesOf, waitingForVip } from './price.ts'
import { releasesOf } from './releases.ts'
import { stackOf, stackOfNetwork, stackOfTask, stacksIn } from './stack-of.ts'
import type { SwarmFacts } from './swarm-facts.ts'
import { isNetwork, networkTargets, usersOfConfig, usersOfNetwork, usersOfSecret } from './users.ts'

const defaultGraceNs = 10e9

/**
 * How to remove the named stacks without a leak, what that gives back, and what it costs. `ownRun` is the run of pvcheck
 * that asks; what belongs to another one that may still be going on is refused.
 */
export function planRemoval(names: readonly string[], facts: SwarmFacts, ownRun?: string): RemovalPlan {
  const asked = [...new Set(names)].map((name) => ({ name, refusal: refusalOf(name, facts, ownRun) }))
  const removed = new Set(asked.filter(({ refusal }) => refusal === undefined).map(({ name }) => name))
  const goes = (stack: string | undefined): boolean => stack !== undefined && removed.has(stack)
  const going = new Set(facts.services.filter((service) => goes(stackOf(service))).map(({ ID }) => ID))
  const around: Around = {
    staying: { ...facts, services: facts.services.filter(({ ID }) => !going.has(ID)) },
    waiting: new Set(waitingForVip(facts).map(({ service }) => service.ID)),
  }
  const planned = asked.map(({ name, refusal }) => ({
    ...planStack(name, facts, around),
    ...(refusal === undefined ? {} : { refusal }),
  }))
  const ends = going.size + facts.tasks.filter((task) => isLive(task) && going.has(task.ServiceID)).length
  return {
    stacks: planned.filter((plan) => !isEmpty(plan)).toSorted((a, b) => Number(waits(b)) - Number(waits(a))),
    unknown: planned.filter(isEmpty).map(({ name }) => unknownStack(name, facts)),
    prices: going.size === 0 ? [] : pricesOf(facts, going, ends),
  }
}

interface Around {
  /** The Swarm as it is when all is removed. */
  readonly staying: SwarmFacts
  /** By id, the services that wait for an address. */
  readonly waiting: ReadonlySet<string>
}

/** Whether a service of it waits for an address: such a stack goes before the others. */
export function waits({ services }: StackPlan): boolean {
  return services.some(({ waitsForAddress }) => waitsForAddress)
}

function planStack(name: string, facts: SwarmFacts, { staying, waiting }: Around): StackPlan {
  const services = facts.services.filter((service) => stackOf(service) === name)
  const ids = new Set(services.map(({ ID }) => ID))
  const strays = straysOf(name, facts)
  const tasks = [...facts.tasks.filter((task) => isLive(task) && ids.has(task.ServiceID)), ...strays]
  const networks = facts.networks.filter((network) => stackOfNetwork(network) === name)
  const own = new Set(networks.map(({ Id }) => Id))
  const graceNs = services.map(({ Spec }) => Spec.TaskTemplate.ContainerSpec?.StopGracePeriod ?? defaultGraceNs)
  const targets = services.flatMap(networkTargets)
  const joined = facts.networks.filter((network) => targets.some(isNetwork(network))).map(({ Id }) => Id)
  const attached = tasks.flatMap(addressesOf).map(({ networkId }) => networkId)
  return {
    name,
    services: services
      .map(({ ID, Spec }) => ({ id: ID, name: Spec.Name, waitsForAddress: waiting.has(ID) }))
      .sort((a, b) => Number(b.waitsForAddress) - Number(a.waitsForAddress)),
    networkIds: [...new Set([...own, ...joined, ...attached])],
    strayTasks: strays.map(({ ID }) => ID),
    networks: networks.map((network) => ({
      ...{ id: network.Id, name: network.Name },
      usedBy: usersOfNetwork(network, staying),
    })),
    configs: usable(name, facts.configs, (id) => usersOfConfig(id, staying.services)),
    secrets: usable(name, facts.secrets, (id) => usersOfSecret(id, staying.services)),
    releases: releasesOf(ids, tasks, own, facts),
    heldBack: heldBack(tasks, facts),
    notes: notesOn(name, facts.services),
    stopGraceMs: Math.max(defaultGraceNs, ...graceNs) / 1e6,
  }
}

function refusalOf(name: string, facts: SwarmFacts, ownRun: string | undefined): string | undefined {
  const { services, configs, secrets, networks } = facts
  const members = [...services, ...configs, ...secrets].filter((object) => stackOf(object) === name)
  const own = networks.filter((network) => stackOfNetwork(network) === name)
  const labels = [...members.map(({ Spec }) => Spec.Labels), ...own.map(({ Labels }) => Labels)]
  return liveRunOf(labels, facts.nowMs, ownRun)
}

/** An earlier removal may have been interrupted: then the services are gone, and their tasks are still ending. */
function straysOf(name: string, { services, tasks }: SwarmFacts): readonly Task[] {
  const known = new Set(services.map(({ ID }) => ID))
  return tasks.filter((task) => isLive(task) && stackOfTask(task) === name && !known.has(task.ServiceID))
}

type Labelled = SwarmFacts['configs'][number]

function usable(name: string, objects: readonly Labelled[], usedBy: (id: string) => readonly string[]): Usable[] {
  return objects
    .filter((object) => stackOf(object) === name)
    .map(({ ID, Spec }) => ({ id: ID, name: Spec.Name, usedBy: usedBy(ID) }))
}

function isEmpty({ services, strayTasks, networks, configs, secrets }: StackPlan): boolean {
  return services.length + strayTasks.length + networks.length + configs.length + secrets.length === 0
}

function unknownStack(name: string, facts: SwarmFacts): UnknownStack {
  const lookalikes = facts.services.map(({ Spec }) => Spec.Name).filter((service) => service.startsWith(`${name}_`))
  return { name, near: nearNames(name, stacksIn(facts)), lookalikes }
}
