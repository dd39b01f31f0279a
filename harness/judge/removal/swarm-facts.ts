import type { SwarmConfig } from '../../model/facts/configs.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { SwarmNode } from '../../model/facts/nodes.ts'
import type { SwarmSecret } from '../../model/facts/secrets.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'

/** All that a plan to remove something is made from. */
export interface SwarmFacts {
  /** By the engine's own clock. */
  readonly nowMs: number
  readonly services: readonly Service[]
  readonly tasks: readonly Task[]
  readonly attachedContainers: readonly Task[]
  readonly networks: readonly Network[]
  readonly nodes: readonly SwarmNode[]
  readonly configs: readonly SwarmConfig[]
  readonly secrets: readonly SwarmSecret[]
}
