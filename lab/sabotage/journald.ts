import { type LabMachine, runOn } from '../host/machine.ts'
import { waitOn } from './wait.ts'

/** Restarts it; `undefined`: as Debian ships it. */
export async function configureJournald(
  machine: LabMachine,
  setting: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const dropIn = '/etc/systemd/journald.conf.d/sabotage.conf'
  const change =
    setting === undefined ? `rm -f ${dropIn}` : `mkdir -p ${dropIn.replace(/\/[^/]*$/, '')} && cat > ${dropIn}`
  await runOn(machine, `${change} && systemctl restart systemd-journald`, {
    stdin: setting === undefined ? '' : `[Journal]\n${setting}\n`,
    signal,
  })
}

/** By which dockerd logs a line of its own; returns when it is in the journal. */
export async function reloadEngine(machine: LabMachine, signal: AbortSignal): Promise<void> {
  const before = await runOn(machine, 'date +%s.%N; systemctl kill --signal=HUP --kill-who=main docker.service', {
    signal,
  })
  const reloaded = `journalctl --quiet --since=@${before.trim()} --output=cat _SYSTEMD_UNIT=docker.service _TRANSPORT=stdout | grep 'Reloaded configuration'`
  await waitOn(machine, reloaded, { what: 'dockerd to log that it was reloaded', signal })
}
