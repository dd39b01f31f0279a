import { runOn } from '../host/machine.ts'
import { waitForSilence } from './bridge.ts'
import { restartEngine } from './control-plane.ts'
import { configureJournald } from './journald.ts'
import type { Sabotage } from './sabotage.ts'
import { silenceProvesNothing } from './silence.ts'

export const journaldKeepsWarnings: Sabotage = {
  name: 'journald-keeps-warnings',
  what: 'has journald keep warnings and worse, long after dockerd was started; to it, all that dockerd prints is less',
  reddens: {
    'PV-JRN-001': {
      verdict: 'unknown',
      says: /MaxLevelStore is 4 \(warning\).*throws away what docker\.service prints/s,
    },
    ...silenceProvesNothing(/PV-JRN-001/),
    // The lines of containers are kept from it, too.
    'PV-CI-004': { verdict: 'fail', says: /^ccci-bridge_app: .*logs elsewhere/s },
  },
  breaks: async (machine, signal) => {
    await configureJournald(machine, 'MaxLevelStore=warning', signal)
    await waitForSilence(machine, signal)
  },
  mends: async (machine, signal) => {
    await configureJournald(machine, undefined, signal)
    await restartEngine(machine, signal)
  },
}

export const journaldStartedAnew: Sabotage = {
  name: 'journald-started-anew',
  what: 'stops journald and starts it again, by which it loses the stream of what dockerd prints',
  reddens: {
    'PV-JRN-001': { verdict: 'unknown', says: /dockerd has not been heard since journald was restarted/ },
    ...silenceProvesNothing(/PV-JRN-001/),
  },
  breaks: async (machine, signal) => {
    // Its sockets would start it at once, and it would find the streams where systemd keeps them over a restart.
    const units = 'systemd-journald.socket systemd-journald-dev-log.socket systemd-journald-audit.socket'
    await runOn(
      machine,
      `systemctl stop ${units} systemd-journald.service && systemctl start systemd-journald.service ${units}`,
      { signal },
    )
  },
  mends: restartEngine,
}
