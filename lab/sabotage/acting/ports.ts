import { runOn } from '../../host/machine.ts'
import { createService, removeAll } from '../own-objects.ts'
import { waitOn } from '../wait.ts'
import { type ActingSabotage, blocking } from './acting-sabotage.ts'

export const portsTaken = blocking({
  name: 'ports-taken',
  what: 'has a service of somebody else publish every port that throwaway stacks may take',
  reddens: {
    'PV-PRE-010': { verdict: 'blocked', says: /ports 28100 to 28199: .*0 free, taken: 28100 by the service greedy/s },
  },
  breaks: (machine, signal) => createService(machine, 'greedy', '--replicas 0 --publish 28100-28199:1100-1199', signal),
  mends: removeAll,
})

export const portTaken: ActingSabotage = {
  name: 'port-taken',
  what: 'takes the first of the ports for a service, and the second for a process of the host: others are left',
  reddens: {},
  exit: 'pass',
  tells: { 'PV-PRE-010': /taken: 28100 by the service first-come, 28101 by a listening socket/ },
  breaks: async (machine, signal) => {
    await createService(machine, 'first-come', '--replicas 0 --publish 28100:80', signal)
    await runOn(
      machine,
      'systemctl is-active --quiet second-come || systemd-run --quiet --collect --unit=second-come microsocks -i 127.0.0.1 -p 28101',
      { signal },
    )
    await waitOn(machine, 'ss --listening --numeric --tcp | grep --quiet 127.0.0.1:28101', {
      what: 'a process of the host to listen',
      signal,
    })
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'systemctl stop second-come 2>/dev/null || true', { signal })
    await removeAll(machine, signal)
  },
}
