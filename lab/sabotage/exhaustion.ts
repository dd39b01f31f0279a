import { type LabMachine, runOn } from '../host/machine.ts'
import { waitForLine } from './engine-log.ts'
import { clear, createNetwork, createService, removeAll } from './own-objects.ts'
import type { Sabotage } from './sabotage.ts'
import { waitOn } from './wait.ts'

export const serviceWaits: Sabotage = {
  name: 'service-waits',
  what: 'fills a small network, and puts one more service on it: its task hangs in `New`',
  reddens: {
    'PV-NET-007': { verdict: 'fail', says: /^waits: .*no VIP on tiny.*tiny \(\w+\) is full: 5 of 5 held/s },
    'PV-NET-005': { verdict: 'fail', says: /^tiny: .*5 of 5 addresses held \(100 %\)/s },
    'PV-JRN-005': { verdict: 'fail', says: /^no address left for a VIP/ },
  },
  breaks: async (machine, signal) => {
    await fillTiny(machine, signal)
    await createService(machine, 'waits', '--replicas 1 --network tiny', signal)
    await waitForLine(machine, 'could not find an available IP while allocating VIP', signal)
    await waitPastGrace(machine, 'waits', signal)
  },
  mends: clear,
}

export const exhaustionLogged: Sabotage = {
  name: 'exhaustion-logged',
  what: 'lets a service find a small network full, and cleans up: only the log of dockerd still tells',
  reddens: { 'PV-JRN-005': { verdict: 'fail', says: /^no address left for a VIP.*infra: an overlay is full/s } },
  breaks: async (machine, signal) => {
    await fillTiny(machine, signal)
    await createService(machine, 'waits', '--replicas 0 --network tiny', signal)
    await waitForLine(machine, 'could not find an available IP while allocating VIP', signal)
    await removeAll(machine, signal)
  },
  mends: clear,
}

export const vipGivenTwice: Sabotage = {
  name: 'vip-given-twice',
  what: 'puts a service on a network that is full: the Swarm takes its VIP away and gives it to the next one',
  reddens: {
    'PV-NET-006': { verdict: 'fail', says: /10\.40\.0\.\d on roomy.*held by the VIP of \w+, the VIP of \w+/s },
    'PV-NET-007': { verdict: 'fail', says: /^first: .*no VIP on tiny/s },
    'PV-NET-005': { verdict: 'fail', says: /^(tiny|roomy): / },
    'PV-JRN-005': { verdict: 'fail', says: /^no address left for a VIP/ },
  },
  breaks: async (machine, signal) => {
    await fillTiny(machine, signal)
    await createNetwork(machine, 'roomy', '10.40.0.0/29', signal)
    await createService(machine, 'first', '--replicas 0 --network roomy', signal)
    for (const name of ['pad-1', 'pad-2', 'pad-3', 'pad-4'])
      await createService(machine, name, '--replicas 0 --network roomy', signal)
    await runOn(
      machine,
      `docker service inspect first | grep --quiet "$(docker network inspect --format '{{.Id}}' tiny)" ||
docker service update --quiet --detach --no-resolve-image --network-add tiny first`,
      { signal },
    )
    await waitForLine(machine, 'could not find an available IP while allocating VIP', signal)
    await createService(machine, 'next', '--replicas 0 --network roomy', signal)
    await waitPastGrace(machine, 'first', signal)
  },
  mends: clear,
}

export const containerEchoes: Sabotage = {
  name: 'container-echoes',
  what: 'lets a container print what dockerd logs when addresses run out; the journal files it under dockerd, too',
  reddens: {},
  breaks: async (machine, signal) => {
    const line = [
      `time="2026-01-01T00:00:00Z" level=error msg="Failed allocation for service abc"`,
      `error="could not find an available IP while allocating VIP" module=node node.id=abc`,
    ].join(' ')
    await runOn(machine, `docker run --rm --network none pvcheck-lab/busybox:1 sh -c 'echo "$0"' '${line}'`, { signal })
    await waitOn(
      machine,
      `journalctl --quiet --output=cat _SYSTEMD_UNIT=docker.service _TRANSPORT=journal | grep --quiet 'could not find an available IP'`,
      { what: 'the line of the container in the journal', signal },
    )
  },
  mends: async () => undefined,
}

/** A /29 has five addresses to give away. */
async function fillTiny(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await createNetwork(machine, 'tiny', '10.60.0.0/29', signal)
  for (const name of ['fill-1', 'fill-2', 'fill-3', 'fill-4', 'fill-5'])
    await createService(machine, name, '--replicas 0 --network tiny', signal)
}

/** A service that was changed a moment ago may still be served. */
async function waitPastGrace(machine: LabMachine, service: string, signal: AbortSignal): Promise<void> {
  const changed = `$(date --date="$(docker service inspect --format '{{.UpdatedAt.Format "2006-01-02 15:04:05Z"}}' ${service})" +%s)`
  await waitOn(machine, `age=$(($(date +%s) - ${changed})) && echo "$age s" && [ $age -gt 11 ]`, {
    what: `${service} to have waited for more than 10 s`,
    signal,
  })
}
