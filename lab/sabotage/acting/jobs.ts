import { type LabMachine, runOn } from '../../host/machine.ts'
import { putFileBack, replaceFile } from '../file.ts'
import { waitOn } from '../wait.ts'
import { blocking } from './acting-sabotage.ts'

const program = '/usr/local/bin/upgrade-all'
const lockFile = '/run/lock/ci-upgrade.lock'

const askSystemd = [
  ...['PV-ENG-001', 'PV-ENG-003', 'PV-ENG-004', 'PV-ENG-005', 'PV-NET-003', 'PV-SVC-004', 'PV-JRN-001', 'PV-JRN-002'],
  ...['PV-JRN-004', 'PV-JRN-005', 'PV-JRN-006', 'PV-JRN-007'],
] as const

export const upgradeRunning = blocking({
  name: 'upgrade-running',
  what: 'starts the upgrade job, which takes its time',
  reddens: {
    'PV-PRE-001': { verdict: 'blocked', says: /^upgrade-all\.service: .*activating|^processes: .*upgrade-all/s },
    'PV-PRE-002': { verdict: 'blocked', says: /ci-upgrade\.lock: .*locked by process \d+/s },
  },
  breaks: async (machine, signal) => {
    const genuine = await runOn(machine, `cat ${program}`, { signal })
    await replaceFile(machine, program, `${genuine.replace(/^signature=.*/m, 'sleep 3600')}`, signal)
    await runOn(machine, 'systemctl start --no-block upgrade-all.service', { signal })
    await waitUntilLocked(machine, signal)
  },
  mends: async (machine, signal) => {
    await runOn(machine, 'systemctl stop upgrade-all.service', { signal })
    await putFileBack(machine, program, signal)
  },
})

export const upgradeByHand = blocking({
  name: 'upgrade-by-hand',
  what: 'has somebody run the upgrade program by hand, outside of its unit',
  reddens: { 'PV-PRE-001': { verdict: 'blocked', says: /^processes: .*\d+ \(\S+\) matches .*upgrade-all/s } },
  breaks: async (machine, signal) => {
    await startUnit(machine, 'by-hand', `bash -c 'exec -a ${program} sleep 3600'`, signal)
    await waitOn(machine, `pgrep --full '^${program}'`, { what: 'the program to run', signal })
  },
  mends: (machine, signal) => stopUnit(machine, 'by-hand', signal),
})

export const lockFileHeld = blocking({
  name: 'lock-file-held',
  what: 'has somebody hold the lock of the upgrade job, whose name is in no list of ours',
  reddens: { 'PV-PRE-002': { verdict: 'blocked', says: /ci-upgrade\.lock: .*locked by process \d+/s } },
  breaks: async (machine, signal) => {
    await startUnit(machine, 'lock-holder', `flock ${lockFile} sleep 3600`, signal)
    await waitUntilLocked(machine, signal)
  },
  mends: (machine, signal) => stopUnit(machine, 'lock-holder', signal),
})

export const processesHidden = blocking({
  name: 'processes-hidden',
  what: 'hides what dockerd is: whether other processes are hidden as well, nobody can tell',
  reddens: { 'PV-PRE-001': { verdict: 'unknown', says: /^processes: .*dockerd is not among the \d+ processes/s } },
  breaks: async (machine, signal) => {
    const commandLine = '/proc/$(pidof dockerd)/cmdline'
    await runOn(machine, `mountpoint --quiet ${commandLine} || mount --bind /dev/null ${commandLine}`, { signal })
  },
  mends: async (machine, signal) => {
    const hidden = "sed -n 's#.* \\(/proc/[0-9]*/cmdline\\) .*#\\1#p' /proc/self/mounts"
    await runOn(machine, `for file in $(${hidden}); do umount "$file"; done`, { signal })
  },
})

export const findGone = blocking({
  name: 'find-gone',
  what: 'takes `find` away from the host: who holds which file is told by nothing else',
  reddens: { 'PV-PRE-002': { verdict: 'unknown', says: /locks of the manager could not be read/ } },
  breaks: (machine, signal) => moveAway(machine, '/usr/bin/find', signal),
  mends: (machine, signal) => moveBack(machine, '/usr/bin/find', signal),
})

export const dockerCliGone = blocking({
  name: 'docker-cli-gone',
  what: 'takes the docker CLI away from the host, which could remove nothing by itself then',
  reddens: { 'PV-PRE-011': { verdict: 'blocked', says: /docker: exit code 127/ } },
  breaks: (machine, signal) => moveAway(machine, '/usr/bin/docker', signal),
  mends: (machine, signal) => moveBack(machine, '/usr/bin/docker', signal),
})

export const systemctlMute = blocking({
  name: 'systemctl-mute',
  what: 'lets `systemctl` say nothing, as where systemd does not answer any more',
  reddens: {
    'PV-PRE-001': { verdict: 'unknown', says: /^units: .*Failed to connect to bus/s },
    'PV-PRE-011': { verdict: 'blocked', says: /systemd: .*Failed to connect to bus/ },
    ...Object.fromEntries(askSystemd.map((check) => [check, { verdict: 'unknown', says: /Failed to connect to bus/ }])),
  },
  breaks: async (machine, signal) => {
    const content = '#!/bin/sh\necho "Failed to connect to bus: Connection refused" >&2\nexit 1\n'
    await replaceFile(machine, '/usr/bin/systemctl', content, signal)
  },
  mends: (machine, signal) => putFileBack(machine, '/usr/bin/systemctl', signal),
})

async function waitUntilLocked(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await waitOn(machine, `! flock --nonblock ${lockFile} true`, { what: 'the lock to be held', signal })
}

async function startUnit(machine: LabMachine, unit: string, command: string, signal: AbortSignal): Promise<void> {
  const isActive = `systemctl is-active --quiet ${unit}`
  await runOn(machine, `${isActive} || systemd-run --quiet --collect --unit=${unit} ${command}`, { signal })
}

async function stopUnit(machine: LabMachine, unit: string, signal: AbortSignal): Promise<void> {
  await runOn(machine, `systemctl stop ${unit} 2>/dev/null || true`, { signal })
}

async function moveAway(machine: LabMachine, path: string, signal: AbortSignal): Promise<void> {
  await runOn(machine, `[ -e ${path}.away ] || mv ${path} ${path}.away`, { signal })
}

async function moveBack(machine: LabMachine, path: string, signal: AbortSignal): Promise<void> {
  await runOn(machine, `[ ! -e ${path}.away ] || mv ${path}.away ${path}`, { signal })
}
