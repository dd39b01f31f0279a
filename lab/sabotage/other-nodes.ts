import { messageOf } from '../../harness/core/errors.ts'
import { type LabMachine, runOn } from '../host/machine.ts'
import { type EngineName, removeSecondEngine, type SecondEngine, startSecondEngine } from '../host/second-engine.ts'
import { restartEngine } from './control-plane.ts'
import { wasElectedLate } from './engine-log.ts'
import { forgetManagers } from './raft-log.ts'
import type { Sabotage } from './sabotage.ts'
import { waitOn } from './wait.ts'

export const workerLost: Sabotage = {
  name: 'worker-lost',
  what: 'lets a worker join the Swarm, and cuts its power',
  reddens: { 'PV-SWM-002': { verdict: 'fail', says: /^second: .*down, active \(worker\).*keep their addresses/s } },
  breaks: async (machine, signal) => {
    if (await isThere(machine, 'second', signal)) return
    await hurry(machine, signal)
    const second = await join(machine, 'second', 'worker', signal)
    await second.kill()
    await waitForNode(machine, 'second', 'Down', signal)
  },
  mends: dismissNodes,
}

export const managersTwo: Sabotage = {
  name: 'managers-two',
  what: 'lets a second manager join: with two, the Swarm stands still when either is lost',
  reddens: { 'PV-SWM-004': { verdict: 'fail', says: /2 of 2 managers reachable, 2 needed: a margin of 0/ } },
  breaks: async (machine, signal) => {
    if (await isThere(machine, 'second', signal)) return
    await join(machine, 'second', 'manager', signal)
  },
  mends: dismissNodes,
}

export const managerLost: Sabotage = {
  name: 'manager-lost',
  what: 'lets two more managers join, and cuts the power of one',
  reddens: {
    'PV-SWM-003': { verdict: 'fail', says: /not reachable: third/ },
    'PV-SWM-002': { verdict: 'fail', says: /^third: .*down/s },
    'PV-SWM-004': { verdict: 'fail', says: /2 of 3 managers reachable, 2 needed: a margin of 0/ },
  },
  breaks: async (machine, signal) => {
    if (await isThere(machine, 'third', signal)) return
    await hurry(machine, signal)
    await join(machine, 'second', 'manager', signal)
    const third = await join(machine, 'third', 'manager', signal)
    await third.kill()
    await waitForNode(machine, 'third', 'Down Active Unreachable', signal)
  },
  mends: dismissNodes,
}

export const leaderElsewhere: Sabotage = {
  name: 'leader-elsewhere',
  what: 'lets a second manager join and hands it the lead: only there the want of an address is logged',
  reddens: {
    'PV-JRN-005': { verdict: 'unknown', says: /only the leading manager logs it, and that is second/ },
    'PV-JRN-006': { verdict: 'unknown', says: /only the leading manager logs it, and that is second/ },
    'PV-SWM-004': { verdict: 'fail', says: /2 of 2 managers reachable/ },
  },
  breaks: async (machine, signal) => {
    if (await isThere(machine, 'second', signal)) return
    const second = await takeLead(machine, signal)
    await promoteFirst(machine, second, signal)
  },
  mends: dismissNodes,
}

export const managerDemoted: Sabotage = {
  name: 'manager-demoted',
  what: 'lets a second manager join, and demotes the node that pvcheck was pointed at to a worker',
  reddens: { 'PV-SWM-001': { verdict: 'unknown', says: /is a worker of its Swarm/ } },
  stops: 'REACH_NOT_MANAGER',
  breaks: async (machine, signal) => {
    if (await isThere(machine, 'second', signal)) return
    await takeLead(machine, signal)
  },
  mends: dismissNodes,
}

const others: readonly EngineName[] = ['second', 'third']
const firstId = "$(docker info --format '{{.Swarm.NodeID}}')"

export async function isThere(machine: LabMachine, name: EngineName, signal: AbortSignal): Promise<boolean> {
  return (await runOn(machine, `[ ! -d /var/lib/${name}-engine ] || echo yes`, { signal })).trim() === 'yes'
}

/** A node counts as down after three heartbeats, which are 5 s apart by default. */
export async function hurry(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await runOn(machine, 'docker swarm update --dispatcher-heartbeat 2s', { signal })
}

export async function join(
  machine: LabMachine,
  name: EngineName,
  role: 'worker' | 'manager',
  signal: AbortSignal,
): Promise<SecondEngine> {
  const engine = await startSecondEngine(machine, name)
  await engine.join(role).catch((error: unknown) => {
    // It may go through all that the Swarm has been through first.
    if (!messageOf(error).includes('will continue in the background')) throw error
  })
  await waitForNode(machine, name, role === 'manager' ? 'Ready Active Reachable' : 'Ready Active', signal)
  return engine
}

async function waitForNode(machine: LabMachine, name: string, state: string, signal: AbortSignal): Promise<void> {
  const format = '{{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}'
  await waitOn(
    machine,
    `nodes=$(docker node ls --format '${format}') && echo "$nodes" | grep '^${name} ${state}' || { echo "$nodes"; false; }`,
    {
      what: `${name} to be ${state}`,
      signal,
    },
  )
}

/** Another manager joins, and leads, as the first one is demoted to a worker. */
async function takeLead(machine: LabMachine, signal: AbortSignal): Promise<SecondEngine> {
  // A new leader takes a node that is slow to come over for dead, and its tasks away, after three heartbeats.
  await runOn(machine, 'docker swarm update --dispatcher-heartbeat 60s', { signal })
  const second = await join(machine, 'second', 'manager', signal)
  // When the first one comes back it is given a snapshot, and cannot answer a leader that is not in it.
  await forgetManagers(machine, signal)
  await runOn(machine, `docker -H unix://${second.socketPath} node demote ${firstId}`, { signal })
  await waitOn(machine, `docker info --format '{{.Swarm.ControlAvailable}}' | grep false`, {
    what: 'the first node to be a worker',
    signal,
  })
  return second
}

async function promoteFirst(machine: LabMachine, second: { socketPath: string }, signal: AbortSignal): Promise<void> {
  await runOn(machine, `docker -H unix://${second.socketPath} node promote ${firstId}`, { signal })
  await waitOn(machine, 'docker node ls', { what: 'the first node to be a manager', timeoutMs: 90_000, signal })
  await waitForNode(machine, machine.name, 'Ready Active Reachable', signal)
}

/** Leaves the first node as the only one, and in the lead, whatever state the Swarm is in. */
export async function dismissNodes(machine: LabMachine, signal: AbortSignal): Promise<void> {
  const control = await runOn(machine, `docker info --format '{{.Swarm.ControlAvailable}}'`, { signal })
  if (control.trim() === 'false') await promoteFirst(machine, { socketPath: '/run/second-engine/docker.sock' }, signal)
  // A dead one first: without it the majority is smaller.
  for (const state of ['Unreachable', 'Reachable', 'Leader']) await demoteOthers(machine, state, signal)
  await runOn(machine, `docker node ls > /dev/null 2>&1 || ${alone} --advertise-addr ${machine.address}`, { signal })
  await waitForNode(machine, machine.name, 'Ready Active Leader', signal)
  for (const name of others) await runOn(machine, removeSecondEngine(name), { signal })
  const test = `ids=$(docker node ls --format '{{.ID}} {{.Self}}' | sed -n 's/ false$//p'); echo "left: $ids"; [ -z "$ids" ] || { docker node rm --force $ids; false; }`
  await waitOn(machine, test, { what: 'the other nodes to be forgotten', signal })
  await runOn(machine, 'docker swarm update --dispatcher-heartbeat 5s', { signal })
  await forgetManagers(machine, signal)
  // What another leader logged is lost; so the window begins anew, as it does with each start of dockerd.
  if (await wasElectedLate(machine, signal)) await restartEngine(machine, signal)
}

const alone = 'docker swarm init --force-new-cluster'

/** Nothing happens where the Swarm has no leader. One that has only just changed its role may refuse, and is asked again. */
async function demoteOthers(machine: LabMachine, state: string, signal: AbortSignal): Promise<void> {
  const format = '{{.ID}} {{.Self}} {{.ManagerStatus}}'
  const test = `ids=$(docker node ls --format '${format}' 2>/dev/null | sed -n 's/ false ${state}$//p')
[ -z "$ids" ] || { docker node demote $ids; false; }`
  await waitOn(machine, test, { what: `no other manager to be ${state}`, timeoutMs: 90_000, signal })
}
