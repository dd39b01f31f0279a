import type { Network } from '../../model/facts/networks.ts'
import type { Task } from '../../model/facts/tasks.ts'
import type { SwarmFacts } from './swarm-facts.ts'

type Labels = Readonly<Record<string, string>> | null | undefined

/** By this label, and nothing else, docker itself tells what belongs to a stack. */
export const stackLabel = 'com.docker.stack.namespace'

/** The stack of a service, config or secret; `undefined` for what is of none. */
export function stackOf({ Spec }: { readonly Spec: { readonly Labels?: Labels } }): string | undefined {
  return Spec.Labels?.[stackLabel]
}

/** The stack whose own network it is. Neither a node's own networks nor `ingress` are anybody's. */
export function stackOfNetwork({ Scope, Ingress, Labels }: Network): string | undefined {
  return Scope === 'swarm' && !Ingress ? Labels?.[stackLabel] : undefined
}

/** As its container says, so that it can still be told when its service is gone. */
export function stackOfTask({ Spec }: Task): string | undefined {
  return Spec?.ContainerSpec?.Labels?.[stackLabel]
}

/** Every stack of which anything but an ended task is there. */
export function stacksIn({ services, networks, configs, secrets }: SwarmFacts): readonly string[] {
  const names = [
    ...services.map(stackOf),
    ...networks.map(stackOfNetwork),
    ...configs.map(stackOf),
    ...secrets.map(stackOf),
  ]
  return [...new Set(names.filter((name) => name !== undefined))].sort()
}
