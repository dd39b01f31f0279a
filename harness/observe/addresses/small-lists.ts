import { type Network, networks } from '../../model/facts/networks.ts'
import { nodes, type SwarmNode } from '../../model/facts/nodes.ts'
import { attachedContainers, type Task, tasks } from '../../model/facts/tasks.ts'
import type { AskOptions } from '../../reach/engine/reader.ts'
import { decode } from '../decode.ts'
import { together } from '../routes/together.ts'
import type { AskEngine } from './ask-engine.ts'

/** The lists that are read on both sides of the services. */
export interface SmallLists {
  readonly raw: Readonly<Record<'networks' | 'nodes' | 'tasks' | 'attached', unknown>>
  readonly networks: readonly Network[]
  readonly nodes: readonly SwarmNode[]
  readonly tasks: readonly Task[]
  /** The containers that joined by themselves. */
  readonly attached: readonly Task[]
}

/** All at once. */
export async function readSmallLists(ask: AskEngine, options: AskOptions): Promise<SmallLists> {
  const attachment = { ...options, filters: { runtime: ['attachment'] } }
  const [rawNetworks, rawNodes, rawTasks, rawAttached] = await together([
    ask('/networks', (engine) => engine.networks(options)),
    ask('/nodes', (engine) => engine.nodes(options)),
    ask('/tasks', (engine) => engine.tasks(options)),
    ask('/tasks?filters={"runtime":["attachment"]}', (engine) => engine.tasks(attachment)),
  ])
  return {
    raw: { networks: rawNetworks, nodes: rawNodes, tasks: rawTasks, attached: rawAttached },
    networks: decode(networks, rawNetworks),
    nodes: decode(nodes, rawNodes),
    tasks: decode(tasks, rawTasks),
    attached: decode(attachedContainers, rawAttached),
  }
}
