import { markLabels } from '../../../harness/model/mark.ts'
import { execOn, type LabMachine, runOn } from '../../host/machine.ts'

/** Over the socket, as the docker CLI may be what was taken away. */
const ask = 'curl --silent --show-error --fail --get --unix-socket /run/docker.sock'

/** All that carries the label or the name of a run on the host, a line each. */
export async function tracesOf(machine: LabMachine, run: string, signal: AbortSignal): Promise<string> {
  const filters = JSON.stringify({ label: [`${markLabels.run}=${run}`] })
  const lists = ['services', 'networks', 'configs', 'secrets', 'volumes', 'containers/json?all=true']
  const objects = lists.map(
    (path) =>
      `${ask} --data-urlencode 'filters=${filters}' 'http://docker/v1.41/${path}' | grep --only-matching '"\\(ID\\|Id\\|Name\\)":"[^"]*"' | sed 's#^#${path} #'`,
  )
  const names = `pvc-${run.toLowerCase()}-`
  const named = ['services', 'networks', 'configs', 'secrets', 'containers/json?all=true'].map(
    (path) => `${ask} 'http://docker/v1.41/${path}' | grep --only-matching '${names}[a-z0-9-]*' | sort --unique`,
  )
  const units = `systemctl list-units --all --plain --no-legend | grep --ignore-case --fixed-strings '${run}'`
  const files = `ls -d /run/pvcheck/* 2> /dev/null | grep --ignore-case --fixed-strings '${run}'`
  const { stdout } = await execOn(machine, [...objects, ...named, units, files].join('\n'), { signal })
  return stdout.trim()
}

/** The host's clock, as seconds that its engine takes. */
export async function hostNow(machine: LabMachine, signal: AbortSignal): Promise<string> {
  return (await runOn(machine, 'date +%s.%N', { signal })).trim()
}

/** What was created, changed or removed in the Swarm since then, a line each. */
export async function deedsSince(machine: LabMachine, since: string, signal: AbortSignal): Promise<string> {
  const filters = JSON.stringify({ scope: ['swarm'], type: ['service', 'network', 'config', 'secret', 'node'] })
  const until = await hostNow(machine, signal)
  const events = `${ask} --data-urlencode 'filters=${filters}' 'http://docker/v1.41/events?since=${since}&until=${until}'`
  return (await runOn(machine, events, { signal })).trim()
}
