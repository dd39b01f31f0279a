import type { LabMachine } from '../host/machine.ts'
import { renewStacks } from './control-plane.ts'
import { freeze, mainProcess, thaw } from './freeze.ts'
import type { Sabotage } from './sabotage.ts'
import { updateService } from './update-service.ts'
import { waitOn } from './wait.ts'

const service = 'ccci-bridge_app'

export const bridgeFrozen: Sabotage = {
  name: 'bridge-frozen',
  what: 'stops the process of the bridge, which polls no more; its task runs on',
  reddens: { 'PV-CI-004': { verdict: 'fail', says: /^ccci-bridge_app: .*last line.*longer than two polls/s } },
  breaks: async (machine, signal) => {
    await freeze(machine, mainProcess(service), signal)
    await waitForSilence(machine, signal)
  },
  mends: async (machine, signal) => {
    await thaw(machine, mainProcess(service), signal)
    await renewStacks(machine, ['ccci-bridge'], signal)
  },
}

export const bridgeUnreadable: Sabotage = {
  name: 'bridge-unreadable',
  what: 'gives the bridge a log driver from which nothing can be read',
  reddens: {},
  excuses: { 'PV-CI-004': /none/ },
  breaks: (machine, signal) =>
    updateService(machine, service, { args: '--log-driver none', done: 'LogDriver' }, signal),
  mends: (machine, signal) => renewStacks(machine, ['ccci-bridge'], signal),
}

/** Returns when its last line is older than two of its polls. */
export async function waitForSilence(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await waitOn(
    machine,
    `pollMs=$(docker service inspect ${service} | sed -n 's/.*"POLL_INTERVAL_MS=\\([0-9]*\\)".*/\\1/p')
last=$(docker service logs --timestamps --tail 1 ${service} 2>&1 | cut -d ' ' -f 1 | sort | tail -n 1)
silent=$(($(date +%s) - $(date --date "$last" +%s)))
echo "silent for $silent s, polls every $pollMs ms"
[ $((silent * 1000)) -gt $((2 * pollMs + 1000)) ]`,
    { what: 'two polls of the bridge to be missed', timeoutMs: 90_000, signal },
  )
}
