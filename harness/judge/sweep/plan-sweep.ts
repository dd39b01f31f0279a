import { nameOf, parseName } from '../../model/mark.ts'
import type { RemovalPlan } from '../removal/plan.ts'
import { planRemoval } from '../removal/plan-removal.ts'
import { stackLabel } from '../removal/stack-of.ts'
import type { SwarmFacts } from '../removal/swarm-facts.ts'
import { belongingsOf } from './judge-runs.ts'
import { isLock } from './objects.ts'

/**
 * How to remove without a leak what is left of runs, but for their locks: as stacks, one for each number that the names
 * of a run have, and one for the rest of it.
 */
export function planSweep(runs: readonly string[], facts: SwarmFacts): RemovalPlan {
  const stackById = new Map<string, string>()
  for (const run of runs) {
    const { objects, strays } = belongingsOf(run, facts)
    for (const object of objects) if (!isLock(object)) stackById.set(object.id, stackOfName(run, object.name))
    for (const id of strays) stackById.set(id, restOf(run))
  }
  return planRemoval([...new Set(stackById.values())], asStacks(facts, stackById))
}

function stackOfName(run: string, name: string): string {
  const parsed = parseName(name)
  return parsed === undefined ? restOf(run) : nameOf(run, parsed.number)
}

function restOf(run: string): string {
  return `pvc-${run.toLowerCase()}`
}

/** The facts with the label by which a plan knows stacks on what is to go, and on nothing else. */
function asStacks(facts: SwarmFacts, stackById: ReadonlyMap<string, string>): SwarmFacts {
  const labelled = (id: string): Record<string, string> => {
    const stack = stackById.get(id)
    return stack === undefined ? {} : { [stackLabel]: stack }
  }
  return {
    ...facts,
    services: facts.services.map((one) => ({ ...one, Spec: { ...one.Spec, Labels: labelled(one.ID) } })),
    tasks: facts.tasks.map((one) => ({ ...one, Spec: { ContainerSpec: { Labels: labelled(one.ID) } } })),
    networks: facts.networks.map((one) => ({ ...one, Labels: labelled(one.Id) })),
    configs: facts.configs.map((one) => ({ ...one, Spec: { ...one.Spec, Labels: labelled(one.ID) } })),
    secrets: facts.secrets.map((one) => ({ ...one, Spec: { ...one.Spec, Labels: labelled(one.ID) } })),
  }
}
