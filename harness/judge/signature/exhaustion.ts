import type { Signature } from './signature.ts'

const reclaim =
  'Make room on the network that PV-NET-007, PV-NET-004 and PV-NET-005 name. Leaked addresses come back when dockerd is restarted on the leading manager, in a maintenance window: it stops the containers of that node. The line itself is in the window until then.'

/** An address, or a subnet, was wanted and there was none. */
export const exhaustion: readonly Signature[] = [
  {
    name: 'no address left for a VIP',
    error: /^(.*: )?could not find an available IP while allocating VIP$/,
    meaning:
      'an overlay is full, and a service on it hangs at 0 tasks in `New`; it looks like a broken recipe, and is none',
    class: 'infra',
    remedy: reclaim,
    source: 'swarmkit, allocator: doNetworkAlloc, allocateVIP',
    leaderOnly: true,
  },
  {
    name: 'no address left for a task',
    error: /^failed to allocate network IP for task \S+ network \S+: could not find an available IP$/,
    meaning: 'an overlay is full, and a task on it hangs in `New`',
    class: 'infra',
    remedy: reclaim,
    source: 'swarmkit, allocator: AllocateTask',
    leaderOnly: true,
  },
  {
    name: 'no address left for the load balancer of a node',
    message: /^Failed to allocate network resources for node /,
    error: /(^|: )could not find an available IP$/,
    meaning: 'an overlay is full, and a node refuses tasks on it after 30 s',
    class: 'infra',
    remedy: reclaim,
    source: 'swarmkit, allocator: allocateNode',
    leaderOnly: true,
  },
  {
    name: 'the load balancer of this node has no address',
    message: /^skipping nil or malformed node network attachment entry/,
    meaning: 'this node was given no address on an overlay, and refuses tasks on it',
    class: 'infra',
    remedy: reclaim,
    source: 'moby, cluster executor: Configure',
    leaderOnly: false,
  },
  {
    name: 'a task was refused for want of an address',
    error: /^node is missing network attachments, ip addresses may be exhausted$/,
    meaning: 'the load balancer of this node has no address on one of the networks of the task',
    class: 'infra',
    remedy: reclaim,
    source: 'moby, cluster executor: waitNodeAttachments',
    leaderOnly: false,
  },
  {
    name: 'no VIP to give back',
    message: /^Could not parse VIP address\s+while releasing/,
    meaning: 'a service was given no VIP, mostly on `ingress`, because it is full',
    class: 'infra',
    remedy: reclaim,
    source: 'swarmkit, allocator: deallocateVIP',
    leaderOnly: true,
  },
  {
    name: 'no subnet left for a network',
    error:
      /could not find an available, non-overlapping IPv4 address pool|all predefined address pools have been fully subnetted/,
    message: /^Failed allocation for network |^failed allocating network /,
    meaning: 'the default address pools of the Swarm are used up: a new overlay gets no subnet',
    class: 'infra',
    remedy: 'Remove networks that are not needed, or give new ones an explicit `--subnet`.',
    source: 'libnetwork, ipam',
    leaderOnly: true,
  },
]
