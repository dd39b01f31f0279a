import { configs } from '../../../model/facts/configs.ts'
import { networks } from '../../../model/facts/networks.ts'
import { nodes } from '../../../model/facts/nodes.ts'
import { secrets } from '../../../model/facts/secrets.ts'
import { services } from '../../../model/facts/services.ts'
import { attachedContainers, tasks } from '../../../model/facts/tasks.ts'
import { stackLabel } from '../stack-of.ts'
import type { SwarmFacts } from '../swarm-facts.ts'

/** Objects as the Engine API lists them; what is left out does not matter. */
export interface RawSwarm {
  readonly services?: readonly object[]
  readonly tasks?: readonly object[]
  readonly attached?: readonly object[]
  readonly networks?: readonly object[]
  readonly nodes?: readonly object[]
  readonly configs?: readonly object[]
  readonly secrets?: readonly object[]
  /** Of the node that is asked. */
  readonly containers?: readonly object[]
}

export const now = '2026-11-20T12:00:00.000Z'

/** The facts of a Swarm, decoded as those of a real one are. */
export function factsOf(raw: RawSwarm): SwarmFacts {
  return {
    nowMs: Date.parse(now),
    services: services.schema.parse(raw.services ?? []),
    tasks: tasks.schema.parse(raw.tasks ?? []),
    attachedContainers: attachedContainers.schema.parse(raw.attached ?? []),
    networks: networks.schema.parse(raw.networks ?? [proxy]),
    nodes: nodes.schema.parse(raw.nodes ?? [up]),
    configs: configs.schema.parse(raw.configs ?? []),
    secrets: secrets.schema.parse(raw.secrets ?? []),
  }
}

/** The labels of what `docker stack deploy` makes. */
export function ofStack(stack: string | undefined): Record<string, string> {
  return stack === undefined ? {} : { [stackLabel]: stack }
}

interface NetworkGiven {
  readonly stack?: string
  readonly subnet?: string
  readonly labels?: Record<string, string>
}

/** The id is the name; a /24 by default. */
export function network(name: string, { stack, subnet = '10.1.0.0/24', labels = {} }: NetworkGiven = {}): object {
  return {
    ...{ Id: name, Name: name, Created: now, Scope: 'swarm', Driver: 'overlay', Attachable: true },
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
    Labels: { ...ofStack(stack), ...labels },
  }
}

export const proxy = network('proxy', { subnet: '10.10.0.0/24' })
export const up = node('one', 'ready')

export function node(name: string, state: string, updatedAt = now): object {
  return {
    ...{ ID: name, UpdatedAt: updatedAt, Spec: { Role: 'manager', Availability: 'active' } },
    ...{ Description: { Hostname: name }, Status: { State: state } },
  }
}

interface ServiceGiven {
  readonly stack?: string
  readonly on?: readonly string[]
  /** By network. */
  readonly vips?: Readonly<Record<string, string>>
  readonly configs?: readonly string[]
  readonly secrets?: readonly string[]
  readonly labels?: Record<string, string>
  readonly stopGraceNs?: number
}

/** The id is the name without its underscores. */
export function service(name: string, given: ServiceGiven = {}): object {
  const vips = given.vips ?? Object.fromEntries((given.on ?? []).map((on) => [on, '10.10.0.9/24']))
  return {
    ...{ ID: idOf(name), CreatedAt: now, UpdatedAt: '2026-11-20T11:00:00Z' },
    Spec: {
      Name: name,
      Labels: { ...ofStack(given.stack), ...given.labels },
      TaskTemplate: {
        Networks: (given.on ?? []).map((Target) => ({ Target })),
        ContainerSpec: {
          ...(given.stopGraceNs === undefined ? {} : { StopGracePeriod: given.stopGraceNs }),
          Configs: (given.configs ?? []).map((ConfigID) => ({ ConfigID })),
          Secrets: (given.secrets ?? []).map((SecretID) => ({ SecretID })),
        },
      },
      Mode: { Replicated: { Replicas: 1 } },
    },
    Endpoint: { VirtualIPs: Object.entries(vips).map(([NetworkID, Addr]) => ({ NetworkID, Addr })) },
  }
}

interface TaskGiven {
  readonly of?: string
  readonly stack?: string
  readonly state?: string
  readonly node?: string
  readonly on?: Readonly<Record<string, string>>
}

export function task(id: string, { of = '', stack, state = 'running', node = 'one', on = {} }: TaskGiven = {}): object {
  return {
    ...{ ID: id, CreatedAt: now, ServiceID: idOf(of), NodeID: node, DesiredState: 'running' },
    Spec: { ContainerSpec: { Labels: ofStack(stack) } },
    Status: { State: state, Timestamp: '2026-11-20T11:59:00Z' },
    NetworksAttachments: Object.entries(on).map(([ID, address]) => ({ Network: { ID }, Addresses: [address] })),
  }
}

/** A config or a secret; the id is the name without its underscores. */
export function kept(name: string, stack?: string): object {
  return { ID: idOf(name), Spec: { Name: name, Labels: ofStack(stack) } }
}

export function idOf(name: string): string {
  return name.replaceAll('_', '')
}
