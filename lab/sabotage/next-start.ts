import { runOn } from '../host/machine.ts'
import { putFileBack, replaceFile } from './file.ts'
import type { Sabotage } from './sabotage.ts'

const daemonJson = '/etc/docker/daemon.json'

export const engineConfigMistyped: Sabotage = {
  name: 'engine-config-mistyped',
  what: 'mistypes a setting in the configuration of dockerd, which refuses to start with it the next time',
  // An engine before 23.0 cannot be asked whether it takes the file; later ones refuse it themselves.
  reddens: { 'PV-ENG-005': { verdict: 'unknown', says: /no flag of dockerd: log-levle.*the next restart/s } },
  breaks: (machine, signal) =>
    replaceFile(machine, daemonJson, '{ "log-driver": "journald", "log-levle": "info" }\n', signal),
  mends: (machine, signal) => putFileBack(machine, daemonJson, signal),
}

const dropIn = '/etc/systemd/system/docker.service.d/later.conf'

export const engineUnitNotReloaded: Sabotage = {
  name: 'engine-unit-not-reloaded',
  what: 'gives dockerd another flag in a drop-in, and forgets `systemctl daemon-reload`',
  reddens: { 'PV-ENG-005': { verdict: 'unknown', says: /docker\.service was changed on disk.*has not loaded/s } },
  breaks: async (machine, signal) => {
    const content = '[Service]\nEnvironment=DOCKER_OPTS=--live-restore\n'
    await runOn(machine, `cat > ${dropIn}`, { stdin: content, signal })
  },
  mends: async (machine, signal) => {
    await runOn(machine, `rm -f ${dropIn} && systemctl daemon-reload`, { signal })
  },
}
