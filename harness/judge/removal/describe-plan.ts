import { count, list } from '../say.ts'
import type { HeldBack, Price, Release, RemovalPlan, StackPlan, UnknownStack, Usable } from './plan.ts'

/** The plan as lines for a person: what it costs first, then each stack in its order. Names are as the host has them. */
export function describePlan({ stacks, unknown, prices }: RemovalPlan): readonly string[] {
  return [...prices.flatMap(describePrice), ...stacks.flatMap(describeStack), ...unknown.map(describeUnknown)]
}

function describePrice({ service, goesFirst, fullNetworks, leaksOn, times }: Price): readonly string[] {
  const each = `each task that ends and each service that goes may leak one address on ${leaksOn.join('; ')}`
  const waits = `${service} waits for an address on ${list(fullNetworks)}`
  if (goesFirst) return [`${waits}: it goes before all else, for until then ${each}: up to ${times} on each`]
  return [
    `first: \`docker service rm ${service}\`, or take it off ${list(fullNetworks)}`,
    `  ${waits}; until it no longer does, ${each}: up to ${times} on each by this removal`,
  ]
}

function describeStack(plan: StackPlan): readonly string[] {
  const { name, refusal, services, strayTasks, networks, configs, secrets, releases, heldBack, notes } = plan
  if (refusal !== undefined) return [`${name}: is not removed: ${refusal}`]
  const first =
    strayTasks.length === 0
      ? []
      : [`  first: wait for ${count(strayTasks.length, 'task')} of services that are gone already`]
  return [
    `${name}:`,
    ...(services.length === 0
      ? []
      : [`  services: ${services.map(({ name }) => name).join(', ')}, then wait for their tasks to end`]),
    ...first,
    ...describeKind('networks', networks),
    ...describeKind('configs', configs),
    ...describeKind('secrets', secrets),
    ...releases.map(describeRelease),
    ...heldBack.map(describeHeldBack),
    ...notes.map((note) => `  note: ${note}`),
  ]
}

function describeKind(kind: string, objects: readonly Usable[]): readonly string[] {
  const free = objects.filter(({ usedBy }) => usedBy.length === 0).map(({ name }) => name)
  const used = objects.filter(({ usedBy }) => usedBy.length > 0)
  return [
    ...(free.length === 0 ? [] : [`  ${kind}: ${free.join(', ')}`]),
    ...used.map(
      ({ name, usedBy }) => `  stays: ${kind.slice(0, -1)} ${name}, as long as it is used by ${list(usedBy)}`,
    ),
  ]
}

function describeRelease({ network, vips, tasks }: Release): string {
  const parts = [
    vips.length === 0 ? '' : `${count(vips.length, 'VIP')} (${list(vips)})`,
    tasks.length === 0 ? '' : `${count(tasks.length, 'task address', 'task addresses')} (${list(tasks)})`,
  ]
  return `  gives back on ${network}: ${parts.filter((part) => part !== '').join(', ')}`
}

/** What can be done about it, and what happens by itself. */
export function describeHeldBack({ task, node, addresses, until }: HeldBack): string {
  const what = addresses.length === 0 ? 'no address' : list(addresses)
  const when = until === undefined ? '24 h after it went down' : `by ${until}, 24 h after it went down`
  return `  stays: task ${task} on ${node}, which is down: it holds ${what} until ${node} is back or removed (\`docker node rm --force ${node}\`), or else until the engine gives it up, ${when}; a change of the leading manager starts the 24 h anew`
}

function describeUnknown({ name, near, lookalikes }: UnknownStack): string {
  const meant = near.length === 0 ? '' : `; near: ${near.join(', ')}`
  const alike = lookalikes.length === 0 ? '' : `; called so, but without its label: ${list(lookalikes)}`
  return `${name}: there is no such stack${meant}${alike}`
}
