import { type LabMachine, runOn } from '../host/machine.ts'
import { allStacks, removeStacks, renewStacks, startEngineAnew } from './control-plane.ts'
import { hasRaced } from './engine-log.ts'
import { nobodyAnswers } from './outside.ts'
import { createService } from './own-objects.ts'
import type { Sabotage } from './sabotage.ts'
import { waitOn } from './wait.ts'

export const sharedNetworkGone: Sabotage = {
  name: 'shared-network-gone',
  what: 'removes all stacks and the shared network, as a `docker network prune` at the wrong moment does',
  reddens: {
    'PV-NET-001': { verdict: 'fail', says: /^proxy.*no network of that name; the overlays are: ingress/ },
    'PV-NET-002': { verdict: 'unknown', says: /^proxy.*no such overlay/ },
    'PV-NET-003': { verdict: 'unknown', says: /no such overlay/ },
    'PV-NET-004': { verdict: 'unknown', says: /^proxy.*no such overlay/ },
    'PV-SVC-001': { verdict: 'fail', says: /the stack is not deployed/ },
    'PV-SVC-002': { verdict: 'fail', says: /no service of that name/ },
    'PV-SVC-003': { verdict: 'unknown', says: /no service of that name/ },
    'PV-SVC-004': { verdict: 'unknown', says: /no service of that name/ },
    'PV-SVC-005': { verdict: 'unknown', says: /no such overlay/ },
    'PV-SVC-006': { verdict: 'unknown', says: /no service of that name/ },
    ...nobodyAnswers({ code: /TCP_REFUSED/, layer: 'TCP' }),
    'PV-CI-004': { verdict: 'unknown', says: /^ccci-bridge_app: .*no service of that name/s },
  },
  breaks: removeSharedNetwork,
  mends: restoreSharedNetwork,
}

export const sharedNetworkClosed: Sabotage = {
  name: 'shared-network-closed',
  what: 'creates the shared network anew, and forgets `--attachable`',
  reddens: { 'PV-NET-001': { verdict: 'fail', says: /^proxy.*not attachable.*cannot join it/s } },
  breaks: (machine, signal) => recreate(machine, '--subnet 10.10.0.0/16', signal),
  mends: restoreSharedNetwork,
}

export const sharedNetworkMoved: Sabotage = {
  name: 'shared-network-moved',
  what: 'creates the shared network anew on another subnet than the intended and declared one',
  reddens: {
    'PV-NET-002': { verdict: 'fail', says: /^proxy.*10\.10\.0\.0\/16.*10\.20\.0\.0\/16/s },
    'PV-NET-003': { verdict: 'fail', says: /10\.20\.0\.0\/16/ },
  },
  breaks: (machine, signal) => recreate(machine, '--attachable --subnet 10.20.0.0/16', signal),
  mends: restoreSharedNetwork,
}

export const sharedNetworkTight: Sabotage = {
  name: 'shared-network-tight',
  what: 'creates the shared network anew as a /28: the control plane and one service more hold 12 of its 13 addresses',
  reddens: {
    'PV-NET-004': { verdict: 'fail', says: /^proxy.*12 of 13 addresses held \(92 %\)/s },
    'PV-NET-002': { verdict: 'fail', says: /^proxy.*10\.10\.0\.0\/16.*10\.10\.0\.0\/28/s },
    'PV-NET-003': { verdict: 'fail', says: /10\.10\.0\.0\/28/ },
  },
  breaks: async (machine, signal) => {
    await recreate(machine, '--attachable --subnet 10.10.0.0/28', signal)
    await createService(machine, 'guest', '--replicas 0 --network proxy', signal)
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'docker service rm guest 2>/dev/null || true', { signal })
    await restoreSharedNetwork(machine, signal)
  },
}

/** Idempotent: a network that was made with the same arguments is left as it is. */
async function recreate(machine: LabMachine, args: string, signal: AbortSignal): Promise<void> {
  const label = args.replace(/\W+/g, '-')
  const is = await runOn(machine, `docker network inspect --format '{{.Labels.sabotage}}' proxy 2>/dev/null || true`, {
    signal,
  })
  if (is.trim() === label) return
  await removeSharedNetwork(machine, signal)
  await runOn(machine, `docker network create --driver overlay --label sabotage=${label} ${args} proxy`, { signal })
  await renewStacks(machine, allStacks, signal)
}

async function removeSharedNetwork(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await removeStacks(machine, allStacks, signal)
  // Until then this node still has the network, and would not make another one with the same addresses.
  await waitOn(machine, '[ -z "$(docker ps --all --quiet --filter label=com.docker.stack.namespace)" ]', {
    what: 'the containers of the stacks to be gone',
    signal,
  })
  await removeNetwork(machine, signal)
  if (!(await hasRaced(machine, signal))) return
  // The log of dockerd begins anew with its next start, after which the host's own unit creates the network again.
  await startEngineAnew(machine, signal)
  await runOn(machine, 'systemctl start swarm-init.service', { signal })
  await removeNetwork(machine, signal)
}

async function removeNetwork(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await waitOn(machine, '! docker network inspect proxy > /dev/null 2>&1 || docker network rm proxy', {
    what: 'the shared network to be gone',
    signal,
  })
}

/** By the host's own unit, which creates the network as declared where there is none. */
async function restoreSharedNetwork(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await removeSharedNetwork(machine, signal)
  await runOn(machine, 'systemctl restart swarm-init.service', { signal })
  await renewStacks(machine, allStacks, signal)
}
