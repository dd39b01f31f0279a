import { runOn } from '../host/machine.ts'
import { restartEngine, waitForControlPlane } from './control-plane.ts'
import type { Sabotage } from './sabotage.ts'
import { waitOn } from './wait.ts'

export const engineCrashed: Sabotage = {
  name: 'engine-crashed',
  what: 'kills dockerd as the kernel does when memory runs out; systemd starts it again',
  reddens: { 'PV-ENG-004': { verdict: 'fail', says: /1 restart by systemd/ } },
  breaks: async (machine, signal) => {
    const restarts = 'systemctl show --property=NRestarts --value docker.service'
    await runOn(machine, `[ "$(${restarts})" != 0 ] || systemctl kill --signal=KILL --kill-who=main docker.service`, {
      signal,
    })
    await waitOn(machine, `now=$(${restarts}) && echo "$now restarts" && [ "$now" != 0 ] && docker version`, {
      what: 'systemd to start dockerd again',
      signal,
    })
    await waitForControlPlane(machine, signal)
  },
  mends: restartEngine,
}

export const engineAstray: Sabotage = {
  name: 'engine-astray',
  what: 'stops the unit of dockerd and starts a dockerd by hand',
  reddens: {
    'PV-ENG-003': { verdict: 'fail', says: /docker\.service is inactive/ },
    'PV-SVC-004': { verdict: 'unknown', says: /PV-ENG-003/ },
    'PV-JRN-001': { verdict: 'unknown', says: /no line proves that what dockerd prints comes to this journal/ },
    'PV-JRN-005': { verdict: 'unknown', says: /PV-JRN-001/ },
    'PV-JRN-006': { verdict: 'unknown', says: /PV-JRN-001/ },
    'PV-JRN-007': { verdict: 'unknown', says: /PV-JRN-001/ },
  },
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `systemctl is-active --quiet stray-engine || {
systemctl stop docker.socket docker.service
systemd-run --quiet --unit=stray-engine --property=Type=notify --property=Delegate=yes \\
  dockerd --host=unix:///run/docker.sock --containerd=/run/containerd/containerd.sock
}`,
      { signal },
    )
    await waitForControlPlane(machine, signal)
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'systemctl stop stray-engine 2>/dev/null || true; systemctl start docker.socket', { signal })
    await restartEngine(machine, signal)
  },
}
