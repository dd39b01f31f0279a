import type { Signature } from './signature.ts'

const remedy =
  'Remove stacks so that they do not leak: their services first, then wait until their tasks have ended, then their networks. What has leaked comes back when dockerd is restarted on the leading manager, in a maintenance window: it stops the containers of that node.'

/** A network went while tasks on it were still stopping: what they held on their other networks has mostly leaked. */
export const leak: readonly Signature[] = [
  {
    name: 'tasks outlived their network',
    error: /could not find network allocator state for network \S+$/,
    meaning:
      'a network was removed before its last task had ended; such a task never gives back what it holds on other networks',
    class: 'infra',
    remedy,
    source: 'swarmkit, allocator: allocateNode; moby/moby#37338',
    leaderOnly: true,
  },
  {
    name: 'a node kept its address on a removed network',
    message: /^error deallocating attachment for network \S+ on node \S+/,
    meaning: 'the same, seen from the load balancer of a node',
    class: 'infra',
    remedy,
    source: 'swarmkit, allocator: deallocateNodeAttachments',
    leaderOnly: true,
  },
]
