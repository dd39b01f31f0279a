import type { Named, StackPlan } from './plan.ts'

/** How to remove a stack of which all is known, because whoever removes it has created it: nothing has to be looked up. */
export function planKnown(
  name: string,
  {
    services,
    networks,
    joined = [],
    stopGraceMs,
  }: {
    readonly services: readonly Named[]
    readonly networks: readonly Named[]
    /** By id, networks of others that its services are on. */
    readonly joined?: readonly string[]
    readonly stopGraceMs: number
  },
): StackPlan {
  return {
    name,
    services: services.map((service) => ({ ...service, waitsForAddress: false })),
    networkIds: [...networks.map(({ id }) => id), ...joined],
    strayTasks: [],
    networks: networks.map((network) => ({ ...network, usedBy: [] })),
    configs: [],
    secrets: [],
    releases: [],
    heldBack: [],
    notes: [],
    stopGraceMs,
  }
}
