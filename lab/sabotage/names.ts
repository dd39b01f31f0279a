import { type LabMachine, runOn } from '../host/machine.ts'
import { putFileBack, replaceFile } from './file.ts'
import type { Sabotage } from './sabotage.ts'

const hosts = '/etc/hosts'
const name = 'report.ci.lab.test'

// One route alone begins with plain http: where that leads nowhere, there is no place to ask for an unknown name.

/** Where the host looks names up for whoever comes through its SOCKS proxy. */
const restored = (machine: LabMachine, signal: AbortSignal) => putFileBack(machine, hosts, signal)

export const nameUnknown: Sabotage = {
  name: 'name-unknown',
  what: 'has the name of the report site lead nowhere',
  through: 'socks',
  // A SOCKS proxy that cannot resolve a name does not say whose fault that is.
  reddens: {
    'PV-ROUTE-001': { verdict: 'unknown', says: /^(http:\/\/)?report\.ci\.lab\.test\/: .*SOCKS_FAILED/s },
    'PV-ROUTE-002': { verdict: 'unknown', says: /^report\.ci\.lab\.test: .*CERTIFICATE_NOT_SEEN/s },
    'PV-ROUTE-003': { verdict: 'unknown', says: /^http:.*SOCKS_FAILED/s },
    'PV-CI-003': { verdict: 'unknown', says: /SOCKS: / },
  },
  breaks: async (machine, signal) => {
    await replaceFile(machine, hosts, (await genuine(machine, signal)).replaceAll(` ${name}`, ''), signal)
  },
  mends: restored,
}

export const nameElsewhere: Sabotage = {
  name: 'name-elsewhere',
  what: 'has the name of the report site lead to an address where nobody listens for it',
  through: 'socks',
  reddens: {
    'PV-ROUTE-001': { verdict: 'fail', says: /^(http:\/\/)?report\.ci\.lab\.test\/: .*SOCKS_TARGET_REFUSED/s },
    'PV-ROUTE-002': { verdict: 'unknown', says: /^report\.ci\.lab\.test: .*CERTIFICATE_NOT_SEEN/s },
    'PV-ROUTE-003': { verdict: 'unknown', says: /^http:.*SOCKS_TARGET_REFUSED/s },
    'PV-CI-003': { verdict: 'fail', says: /TCP: / },
  },
  breaks: async (machine, signal) => {
    const text = await genuine(machine, signal)
    const container = '$(docker ps --quiet --filter label=com.docker.swarm.service.name=ccci-bridge_app)'
    // On the bridge by which containers reach the world, the host reaches each of them.
    const found = `docker network inspect docker_gwbridge --format '{{range $id, $c := .Containers}}{{$id}} {{$c.IPv4Address}}
{{end}}' | grep "^$(docker inspect --format '{{.Id}}' ${container})" | sed 's/.* //; s,/.*,,'`
    const address = (await runOn(machine, found, { signal })).trim()
    await replaceFile(machine, hosts, `${text.replaceAll(` ${name}`, '')}${address} ${name}\n`, signal)
  },
  mends: restored,
}

async function genuine(machine: LabMachine, signal: AbortSignal): Promise<string> {
  await restored(machine, signal)
  return await runOn(machine, `cat ${hosts}`, { signal })
}
