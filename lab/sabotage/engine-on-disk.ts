import { type LabMachine, runOn } from '../host/machine.ts'
import { restartEngine, startEngineAnew } from './control-plane.ts'
import { putFileBack, replaceFile } from './file.ts'
import type { Sabotage } from './sabotage.ts'

const dockerd = '/usr/sbin/dockerd'
const daemonJson = '/etc/docker/daemon.json'

export const engineUpgradedOnDisk: Sabotage = {
  name: 'engine-upgraded-on-disk',
  what: 'installs another dockerd, and does not restart the one that runs',
  reddens: { 'PV-ENG-001': { verdict: 'fail', says: /20\.10\.25.*the running one was not restarted/s } },
  breaks: (machine, signal) => replaceFile(machine, dockerd, newerDockerd, signal),
  mends: (machine, signal) => putFileBack(machine, dockerd, signal),
}

const newerDockerd = `#!/bin/sh
if [ "$*" = --version ]; then
  echo 'Docker version 20.10.25+dfsg1, build b82b9f3'
  exit
fi
exec ${dockerd}.genuine "$@"
`

export const liveRestoreConfigured: Sabotage = {
  name: 'live-restore-configured',
  what: 'sets `live-restore` in the configuration of dockerd, which takes effect at its next start: it refuses to',
  reddens: { 'PV-ENG-005': { verdict: 'fail', says: /`live-restore` is true/ } },
  breaks: (machine, signal) =>
    replaceFile(machine, daemonJson, '{ "log-driver": "journald", "live-restore": true }\n', signal),
  mends: (machine, signal) => putFileBack(machine, daemonJson, signal),
}

export const engineTooOld: Sabotage = {
  name: 'engine-too-old',
  what: 'runs an engine that speaks no newer API than 1.40, as before Docker 20.10',
  reddens: { 'PV-ENG-002': { verdict: 'unknown', says: /1\.40/ } },
  stops: 'REACH_ENGINE_TOO_OLD',
  breaks: async (machine, signal) => {
    await setApi(machine, '1.40', signal)
    await startEngineAnew(machine, signal)
  },
  mends: async (machine, signal) => {
    await putFileBack(machine, dockerd, signal)
    await restartEngine(machine, signal)
  },
}

/** The version is in the program once, as text, and nothing else of it knows. */
async function setApi(machine: LabMachine, version: string, signal: AbortSignal): Promise<void> {
  const command = `set -eu
[ -e ${dockerd}.genuine ] || cp --preserve=all ${dockerd} ${dockerd}.genuine
sed 's/1\\.41/${version}/' ${dockerd}.genuine > ${dockerd}.sabotaged
chmod --reference=${dockerd}.genuine ${dockerd}.sabotaged
mv ${dockerd}.sabotaged ${dockerd}`
  await runOn(machine, command, { signal })
}
