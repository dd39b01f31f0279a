import type { LabMachine } from './machine.ts'
import { runOn } from './machine.ts'
import { freeSubnets } from './subnet.ts'

/** Another dockerd inside a practice host, in a network namespace of its own: the Swarm's second node. */
export interface SecondEngine {
  /** On the practice host. */
  readonly socketPath: string
  /** Makes it a node of the first engine's Swarm, which must be there already. */
  join(role: 'worker' | 'manager'): Promise<void>
  /** Ends it without a goodbye, as a power cut would. */
  kill(): Promise<void>
}

const name = 'second'
const unit = 'second-engine'
const socketPath = '/run/second-engine/docker.sock'
const dataDir = '/var/lib/second-engine'

/** Starts it, empty; whatever an earlier one left is removed first. It goes with the practice host. */
export async function startSecondEngine(machine: LabMachine): Promise<SecondEngine> {
  await runOn(machine, layOut(machine))
  await runOn(machine, startCommand)
  return {
    socketPath,
    async join(role) {
      const token = (await runOn(machine, `docker swarm join-token --quiet ${role}`)).trim()
      await runOn(machine, `docker -H unix://${socketPath} swarm join --token ${token} ${machine.address}:2377`)
    },
    async kill() {
      await runOn(machine, `systemctl kill --signal=KILL ${unit}; systemctl stop ${unit}`)
    },
  }
}

/** The namespace and its way to the first engine: a /30 of the lab's range that this practice host does not use. */
function layOut(machine: LabMachine): string {
  const link = freeSubnets([`${machine.address}/30`]).at(-1)
  if (link === undefined) throw new Error('the range of the labs has no second subnet')
  return [
    'set -e',
    `systemctl stop ${unit} 2>/dev/null || true`,
    `systemctl reset-failed ${unit} 2>/dev/null || true`,
    `ip link del ${name} 2>/dev/null || true`,
    `ip netns del ${name} 2>/dev/null || true`,
    `rm -rf ${dataDir} && mkdir -p ${dataDir}`,
    `ip netns add ${name}`,
    `ip link add ${name} type veth peer name eth0 netns ${name}`,
    `ip addr add ${link.gateway}/30 dev ${name}`,
    `ip link set ${name} up`,
    `ip -n ${name} addr add ${link.address}/30 dev eth0`,
    `ip -n ${name} link set lo up`,
    `ip -n ${name} link set eth0 up`,
    `ip -n ${name} route add default via ${link.gateway}`,
  ].join('\n')
}

/** Data on the host's overlay root: `vfs` is the driver that works there, and nothing is ever run in it. */
const startCommand = [
  'systemd-run --quiet',
  `--unit=${unit}`,
  '--property=Type=notify',
  '--property=Delegate=yes',
  '--property=RuntimeDirectory=second-engine',
  `--property=NetworkNamespacePath=/run/netns/${name}`,
  'dockerd',
  `--host=unix://${socketPath}`,
  `--data-root=${dataDir}`,
  '--exec-root=/run/second-engine/exec',
  '--pidfile=/run/second-engine/docker.pid',
  '--storage-driver=vfs',
  `--containerd-namespace=${name}`,
  `--containerd-plugins-namespace=${name}-plugins`,
].join(' ')
