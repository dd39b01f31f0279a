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

export type EngineName = 'second' | 'third'

/** Starts it, empty; whatever an earlier one left is removed first. It goes with the practice host. */
export async function startSecondEngine(machine: LabMachine, name: EngineName = 'second'): Promise<SecondEngine> {
  const { unit, socketPath } = placesOf(name)
  await runOn(machine, layOut(machine, name))
  await runOn(machine, startCommand(name))
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

/** Shell commands that leave nothing of it but a node in the Swarm. */
export function removeSecondEngine(name: EngineName): string {
  const { unit, dataDir } = placesOf(name)
  return [
    `systemctl kill --signal=KILL ${unit} 2>/dev/null || true`,
    `systemctl stop ${unit} 2>/dev/null || true`,
    `systemctl reset-failed ${unit} 2>/dev/null || true`,
    `ip link del ${name} 2>/dev/null || true`,
    `ip netns del ${name} 2>/dev/null || true`,
    `rm -rf ${dataDir}`,
  ].join('\n')
}

function placesOf(name: EngineName) {
  const unit = `${name}-engine`
  return { unit, socketPath: `/run/${unit}/docker.sock`, dataDir: `/var/lib/${unit}` }
}

/** The namespace and its way to the first engine: a /30 of the lab's range that this practice host does not use. */
function layOut(machine: LabMachine, name: EngineName): string {
  const link = freeSubnets([`${machine.address}/30`]).at(name === 'second' ? -1 : -2)
  if (link === undefined) throw new Error('the range of the labs has no further subnet')
  return [
    'set -e',
    removeSecondEngine(name),
    `mkdir -p ${placesOf(name).dataDir}`,
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
function startCommand(name: EngineName): string {
  const { unit, socketPath, dataDir } = placesOf(name)
  return [
    'systemd-run --quiet',
    `--unit=${unit}`,
    '--property=Type=notify',
    '--property=Delegate=yes',
    `--property=RuntimeDirectory=${unit}`,
    `--property=NetworkNamespacePath=/run/netns/${name}`,
    // A host name of its own, by which the Swarm lists it.
    `unshare --uts -- sh -c 'hostname ${name} && exec "$0" "$@"' dockerd`,
    `--host=unix://${socketPath}`,
    `--data-root=${dataDir}`,
    `--exec-root=/run/${unit}/exec`,
    `--pidfile=/run/${unit}/docker.pid`,
    '--storage-driver=vfs',
    `--containerd-namespace=${name}`,
    `--containerd-plugins-namespace=${name}-plugins`,
  ].join(' ')
}
