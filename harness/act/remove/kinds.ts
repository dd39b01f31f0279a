import { plain } from '../../core/text.ts'
import { isDown } from '../../judge/address/down-node.ts'
import { isLive } from '../../judge/address/task-state.ts'
import { isOn, nodeName, usersOfConfig, usersOfNetwork, usersOfSecret } from '../../judge/removal/users.ts'
import { configs } from '../../model/facts/configs.ts'
import { networks } from '../../model/facts/networks.ts'
import { nodes, type SwarmNode } from '../../model/facts/nodes.ts'
import { secrets } from '../../model/facts/secrets.ts'
import { services } from '../../model/facts/services.ts'
import { attachedContainers, type Task, tasks } from '../../model/facts/tasks.ts'
import type { Work } from './hands.ts'
import { listed } from './look.ts'
import type { Kind } from './remove-objects.ts'

type Hands = Pick<Work, 'reader' | 'writer'>

export function servicesKind({ reader, writer }: Hands): Kind {
  const present = async (signal: AbortSignal): Promise<ReadonlySet<string>> =>
    new Set(listed(services, await reader.services({ signal })).map(({ ID }) => ID))
  return {
    plural: 'services',
    present,
    look: async (signal) => {
      const there = await present(signal)
      return { has: (id) => there.has(id) }
    },
    remove: (id, signal) => writer.removeService(id, { signal }),
  }
}

/**
 * The engine lets go of a network although a task on it is still stopping, and that is what leaks: a network is busy as
 * long as any task on it is live, whoever's it is.
 */
export function networksKind({ reader, writer }: Hands): Kind {
  return {
    plural: 'networks',
    present: async (signal) => new Set(listed(networks, await reader.networks({ signal })).map(({ Id }) => Id)),
    look: async (signal) => {
      const [known, serviceList, attached, nodeList] = await Promise.all([
        reader.networks({ signal }).then((answer) => listed(networks, answer)),
        reader.services({ signal }).then((answer) => listed(services, answer)),
        reader
          .tasks({ signal, filters: { runtime: ['attachment'] } })
          .then((answer) => listed(attachedContainers, answer)),
        reader.nodes({ signal }).then((answer) => listed(nodes, answer)),
      ])
      const users = { services: serviceList, attachedContainers: attached, nodes: nodeList }
      // Last: whoever is no longer among the services by now has its tasks here as long as they live.
      const live = listed(tasks, await reader.tasks({ signal })).filter(isLive)
      const byId = new Map(known.map((network) => [network.Id, network]))
      const liveOn = (id: string): readonly Task[] => live.filter((task) => isOn(id, task))
      return {
        has: (id) => byId.has(id),
        usedBy: (id) => {
          const network = byId.get(id)
          const names = network === undefined ? [] : usersOfNetwork(network, users)
          if (names.length > 0) return `used by ${names.join(', ')}`
          const stuck = liveOn(id)
          return stuck.length > 0 && stuck.every((task) => isOnDownNode(task, users.nodes))
            ? `held by ${stuck.map((task) => sayTask(task, users.nodes)).join(', ')}: the node is down`
            : undefined
        },
        busy: (id) => {
          const stopping = liveOn(id)
          return stopping.length === 0
            ? undefined
            : `waits for ${stopping.map((task) => sayTask(task, users.nodes)).join(', ')}`
        },
      }
    },
    remove: (id, signal) => writer.removeNetwork(id, { signal }),
  }
}

export function configsKind({ reader, writer }: Hands): Kind {
  const present = async (signal: AbortSignal): Promise<ReadonlySet<string>> =>
    new Set(listed(configs, await reader.configs({ signal })).map(({ ID }) => ID))
  return {
    plural: 'configs',
    present,
    look: async (signal) => {
      const there = await present(signal)
      const users = listed(services, await reader.services({ signal }))
      return { has: (id) => there.has(id), usedBy: (id) => saying(usersOfConfig(id, users)) }
    },
    remove: (id, signal) => writer.removeConfig(id, { signal }),
  }
}

export function secretsKind({ reader, writer }: Hands): Kind {
  const present = async (signal: AbortSignal): Promise<ReadonlySet<string>> =>
    new Set(listed(secrets, await reader.secrets({ signal })).map(({ ID }) => ID))
  return {
    plural: 'secrets',
    present,
    look: async (signal) => {
      const there = await present(signal)
      const users = listed(services, await reader.services({ signal }))
      return { has: (id) => there.has(id), usedBy: (id) => saying(usersOfSecret(id, users)) }
    },
    remove: (id, signal) => writer.removeSecret(id, { signal }),
  }
}

function saying(users: readonly string[]): string | undefined {
  return users.length === 0 ? undefined : `used by ${users.join(', ')}`
}

export function isOnDownNode({ NodeID }: Task, all: readonly SwarmNode[]): boolean {
  return all.some((node) => node.ID === NodeID && isDown(node))
}

/** `task abc (rejected on swarm-1 since 2026-11-20T17:00:00Z)`, and what the engine has to say about it. */
export function sayTask({ ID, NodeID, Status }: Task, all: readonly SwarmNode[]): string {
  const error = Status.Err === '' ? '' : `: ${plain(Status.Err)}`
  return `task ${ID} (${Status.State} on ${nodeName(NodeID, all)} since ${Status.Timestamp})${error}`
}
