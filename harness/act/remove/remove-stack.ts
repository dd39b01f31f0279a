import type { StackPlan } from '../../judge/removal/plan.ts'
import type { Work } from './hands.ts'
import { configsKind, networksKind, secretsKind, servicesKind } from './kinds.ts'
import { removeObjects } from './remove-objects.ts'
import { waitForEndpoints } from './wait-for-endpoints.ts'
import { waitForTasks } from './wait-for-tasks.ts'

/** What stays, each with the reason. */
export interface Left {
  /** Tasks on nodes that are down. */
  readonly held: readonly string[]
  readonly objects: readonly string[]
}

/**
 * Removes one stack in the order that does not leak. Whatever throws leaves a state from which the same removal
 * goes on: no network goes before the last task on it has ended.
 */
export async function removeStack(plan: StackPlan, work: Work): Promise<Left> {
  await removeObjects(plan.services, servicesKind(work), work)
  const held = await waitForTasks(plan, work)
  // On a node that is down there is nothing to be seen.
  await waitForEndpoints(plan, work)
  return { held, objects: await removeRest(plan, work) }
}

/** What is left to remove once the services are gone and their tasks have ended. */
export async function removeRest(plan: StackPlan, work: Work): Promise<readonly string[]> {
  return [
    ...(await removeObjects(plan.networks, networksKind(work), work)).map((network) => `network ${network}`),
    ...(await removeObjects(plan.configs, configsKind(work), work)).map((config) => `config ${config}`),
    ...(await removeObjects(plan.secrets, secretsKind(work), work)).map((secret) => `secret ${secret}`),
  ]
}
