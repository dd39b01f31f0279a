import { type AddressCensus, addressCensus, type Lap, type Walk } from '../../../model/facts/addresses/census.ts'
import { type AddressReading, addressReading } from '../../../model/facts/addresses/reading.ts'

/** A Swarm with one overlay, and who holds what of it. */
export interface Holding {
  readonly subnets?: readonly string[]
  readonly ingress?: boolean
  /** Of services, of tasks on `node1`, and of tasks on nodes that are named. */
  readonly vips?: readonly string[]
  readonly tasks?: readonly (string | { readonly address: string; readonly node: string; readonly state?: string })[]
  readonly nodes?: readonly string[]
  /** By node; those that are not named here were not asked, unless `asked` names them. */
  readonly balancers?: Readonly<Record<string, string>>
  readonly asked?: readonly string[]
  readonly counts?: { readonly inUse: number; readonly free: number }
  readonly moved?: boolean
}

export const networkId = 'net0123456789'

/** The moment of that number: seconds into a morning. */
export const at = (second: number): string => new Date(Date.UTC(2026, 10, 20, 8, 0, second)).toISOString()

export function readingAt(second: number, holding: Holding = {}): AddressReading {
  const { subnets = ['10.0.0.0/28'], vips = [], tasks = [], nodes = ['node1'], balancers = {} } = holding
  const taskOf = (one: NonNullable<Holding['tasks']>[number], index: number) => {
    const { address, node, state } = typeof one === 'string' ? { address: one, node: 'node1', state: 'running' } : one
    return {
      ID: `task${index}`,
      CreatedAt: at(0),
      ServiceID: 'service0',
      NodeID: node,
      DesiredState: 'running',
      Status: { Timestamp: at(0), State: state ?? 'running' },
      NetworksAttachments: [{ Network: { ID: networkId }, Addresses: [`${address}/24`] }],
    }
  }
  return addressReading.schema.parse({
    startedAt: at(second),
    endedAt: at(second + 0.1),
    networks: [
      {
        Id: networkId,
        Name: holding.ingress === true ? 'ingress' : 'proxy',
        Created: at(0),
        Scope: 'swarm',
        Driver: 'overlay',
        Ingress: holding.ingress ?? false,
        IPAM: { Driver: 'default', Config: subnets.map((Subnet) => ({ Subnet })) },
      },
    ],
    nodes: nodes.map((ID) => ({
      ID,
      Spec: { Role: 'manager', Availability: 'active' },
      Description: { Hostname: ID },
      Status: { State: 'ready' },
    })),
    services: vips.map((address, index) => ({
      ID: `service${index}`,
      CreatedAt: at(0),
      UpdatedAt: at(0),
      Spec: {
        Name: `app${index}`,
        TaskTemplate: { Networks: [{ Target: networkId }] },
        Mode: { Replicated: { Replicas: 1 } },
      },
      Endpoint: { VirtualIPs: [{ NetworkID: networkId, Addr: `${address}/24` }] },
    })),
    tasks: tasks.map(taskOf),
    attached: [],
    balancers: Object.entries(balancers).map(([nodeId, address]) => ({ networkId, nodeId, address })),
    balancersOf: [...Object.keys(balancers), ...(holding.asked ?? [])],
    counts: holding.counts === undefined ? {} : { [networkId]: { [subnets[0] ?? '']: holding.counts } },
    moved: holding.moved ?? false,
  })
}

export function lapAt(second: number, offered: readonly string[], walked: readonly string[]): Lap {
  return {
    startedAt: at(second),
    endedAt: at(second + 0.5),
    kind: 'vip',
    offered: [...offered],
    walked: [...walked],
    creates: 10,
  }
}

export function walkOf(laps: readonly Lap[], more: Partial<Walk> = {}): Walk {
  return { networkId, laps: [...laps], atOnce: 4, ended: 'whole', cost: { wallMs: 1000, requests: 40 }, ...more }
}

export function censusOf(readings: readonly AddressReading[], walks: readonly Walk[]): AddressCensus {
  return addressCensus.schema.parse({ readings, walks, allocator: { leader: 'node1', engineStartedAt: at(0) } })
}
