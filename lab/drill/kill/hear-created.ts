import { type LabMachine, runOn } from '../../host/machine.ts'

const file = '/run/hear-created'
const types = ['service', 'network', 'config', 'secret'].map((type) => `--filter type=${type}`).join(' ')
const events = `docker events --since "$(date +%s)" ${types} --filter event=create --format '{{.Actor.Attributes.name}}'`

/**
 * Listens on the host from now on for all that comes into being in its Swarm; what is returned ends that, and tells the names.
 * An engine remembers no more than 256 events, and the canaries of one run make more.
 */
export async function hearCreated(machine: LabMachine, signal: AbortSignal): Promise<() => Promise<readonly string[]>> {
  await runOn(machine, `systemd-run --quiet --collect --unit=hear-created sh -c '${quoted(events)} > ${file}'`, {
    signal,
  })
  return async () => {
    const names = await runOn(machine, `systemctl stop hear-created; cat ${file}; rm ${file}`, { signal })
    return names.split('\n').filter((name) => name !== '')
  }
}

/** Inside of single quotes. */
function quoted(shell: string): string {
  return shell.replaceAll("'", `'\\''`)
}
