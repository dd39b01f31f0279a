import { runOn } from '../host/machine.ts'
import { restartEngine } from './control-plane.ts'
import { configureJournald, reloadEngine } from './journald.ts'
import type { Sabotage } from './sabotage.ts'
import { silenceProvesNothing } from './silence.ts'
import { waitOn } from './wait.ts'

export const engineLogsElsewhere: Sabotage = {
  name: 'engine-logs-elsewhere',
  what: 'sends what dockerd prints to a file instead of the journal; its containers still log there',
  reddens: {
    'PV-JRN-001': { verdict: 'unknown', says: /no line proves that what dockerd prints comes to this journal/ },
    ...silenceProvesNothing(/PV-JRN-001/),
  },
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `mkdir -p /etc/systemd/system/docker.service.d
printf '[Service]\\nStandardOutput=append:/var/log/dockerd.log\\nStandardError=append:/var/log/dockerd.log\\n' \\
  > /etc/systemd/system/docker.service.d/sabotage.conf
systemctl daemon-reload`,
      { signal },
    )
    await restartEngine(machine, signal)
  },
  mends: async (machine, signal) => {
    await runOn(
      machine,
      'rm -f /etc/systemd/system/docker.service.d/sabotage.conf /var/log/dockerd.log; systemctl daemon-reload',
      { signal },
    )
    await restartEngine(machine, signal)
  },
}

export const journalVacuumed: Sabotage = {
  name: 'journal-vacuumed',
  what: 'empties the journal, as one does when the disk is full; dockerd logs a line after that',
  reddens: {
    'PV-JRN-002': { verdict: 'unknown', says: /its oldest entry is of .*, and the window starts at/s },
    ...silenceProvesNothing(/PV-JRN-002/),
  },
  breaks: async (machine, signal) => {
    await runOn(machine, 'journalctl --quiet --rotate && journalctl --quiet --vacuum-size=1', { signal })
    await reloadEngine(machine, signal)
  },
  mends: restartEngine,
}

export const journalFileLost: Sabotage = {
  name: 'journal-file-lost',
  what: 'deletes one of the files of the journal, not the oldest one',
  reddens: {
    'PV-JRN-002': { verdict: 'unknown', says: /entries before .* are in none of its files/ },
    ...silenceProvesNothing(/PV-JRN-002/),
  },
  breaks: async (machine, signal) => {
    await runOn(machine, 'journalctl --quiet --rotate', { signal })
    await reloadEngine(machine, signal)
    await runOn(
      machine,
      `set -eu
cd /var/log/journal/*/
journalctl --quiet --rotate
rm "$(ls -t system@*.journal | head -n 1)"`,
      { signal },
    )
  },
  mends: restartEngine,
}

export const journalVolatile: Sabotage = {
  name: 'journal-volatile',
  what: 'keeps the journal in memory',
  reddens: { 'PV-JRN-003': { verdict: 'unknown', says: /\/run\/log\/journal.*the next boot takes it away/s } },
  breaks: async (machine, signal) => {
    await configureJournald(machine, 'Storage=volatile', signal)
    await reloadEngine(machine, signal)
    await waitOn(machine, '[ -e /run/log/journal/*/system.journal ]', { what: 'the journal in memory', signal })
  },
  mends: async (machine, signal) => {
    await configureJournald(machine, undefined, signal)
    await runOn(machine, 'journalctl --flush && rm -rf /run/log/journal', { signal })
    await waitOn(
      machine,
      'journalctl --header | grep -A1 "^File path: /var/log/.*/system.journal" && ! [ -e /run/log/journal ]',
      {
        what: 'the journal on disk',
        signal,
      },
    )
    await reloadEngine(machine, signal)
  },
}

export const journalFlooded: Sabotage = {
  name: 'journal-flooded',
  what: 'lets a container print more than journald takes from one unit; dockerd is the one whose lines are thrown away',
  reddens: {
    'PV-JRN-004': {
      verdict: 'unknown',
      says: /[\d,]+ lines of docker\.service.*what the lost lines said is not known/s,
    },
    ...silenceProvesNothing(/PV-JRN-004/),
  },
  breaks: async (machine, signal) => {
    await configureJournald(machine, 'RateLimitIntervalSec=1s\nRateLimitBurst=100', signal)
    await reloadEngine(machine, signal)
    await runOn(
      machine,
      `docker container inspect noise > /dev/null 2>&1 || docker run --detach --name noise --network none \\
  pvcheck-lab/busybox:1 sh -c 'while :; do seq 5000; sleep 1; done'`,
      { signal },
    )
    await waitOn(
      machine,
      'journalctl --quiet --lines=1 MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e | grep docker.service',
      {
        what: 'journald to throw lines away',
        signal,
      },
    )
    await runOn(machine, 'docker rm --force noise', { signal })
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'docker rm --force noise 2>/dev/null || true', { signal })
    await configureJournald(machine, undefined, signal)
    await restartEngine(machine, signal)
  },
}
