/** An object of the Swarm. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** One that stays as long as somebody else uses it. */
export interface Usable extends Named {
  /** Who uses it and is not to be removed with it: `the service other_web`. */
  readonly usedBy: readonly string[]
}

/** What a network that stays gets back. */
export interface Release {
  readonly network: string
  readonly vips: readonly string[]
  readonly tasks: readonly string[]
}

/** A task that cannot be ended now: its node does not answer. */
export interface HeldBack {
  readonly task: string
  readonly node: string
  /** `10.0.1.5 on proxy (abc)`. */
  readonly addresses: readonly string[]
  /** When the engine gives it up at the latest, as long as the same manager leads; ISO 8601. */
  readonly until: string | undefined
}

export interface StackPlan {
  readonly name: string
  /** In the order in which they go. */
  readonly services: readonly (Named & { readonly waitsForAddress: boolean })[]
  /** By id, all networks that the stack is on, its own included. */
  readonly networkIds: readonly string[]
  /** Tasks that still hold addresses though their service is gone already. */
  readonly strayTasks: readonly string[]
  readonly networks: readonly Usable[]
  readonly configs: readonly Usable[]
  readonly secrets: readonly Usable[]
  readonly releases: readonly Release[]
  readonly heldBack: readonly HeldBack[]
  /** What a reader may not expect. */
  readonly notes: readonly string[]
  /** How long its slowest container may take to end. */
  readonly stopGraceMs: number
  /** Why it must not be removed at all. */
  readonly refusal?: string
}

/** What it costs to remove anything while this service waits for an address. */
export interface Price {
  readonly service: string
  /** Whether the plan removes it, and so does before all else. */
  readonly goesFirst: boolean
  /** The networks that are full, or may be. */
  readonly fullNetworks: readonly string[]
  /** Where each removal may leak one address: `proxy (abc), 40 free`. */
  readonly leaksOn: readonly string[]
  /** How many tasks end and services go while it waits, at most: so many addresses on each of these networks. */
  readonly times: number
}

/** A name that no stack has. */
export interface UnknownStack {
  readonly name: string
  readonly near: readonly string[]
  /** Services that are called as if they were of it. */
  readonly lookalikes: readonly string[]
}

export interface RemovalPlan {
  /** In the order in which they go. */
  readonly stacks: readonly StackPlan[]
  readonly unknown: readonly UnknownStack[]
  readonly prices: readonly Price[]
}
