import { type LabMachine, runOn } from '../host/machine.ts'
import { nobodyAnswers } from './outside.ts'
import type { Sabotage } from './sabotage.ts'

export const tlsPortDropped: Sabotage = {
  name: 'tls-port-dropped',
  what: "has the host's firewall drop what comes for port 443, without a word",
  reddens: {
    'PV-ROUTE-007': { verdict: 'fail', says: /^traefik_app 443\/tcp: .*a firewall drops/s },
    ...nobodyAnswers({ code: /TCP_TIMEOUT/, layer: 'TCP' }),
  },
  breaks: (machine, signal) => drop(machine, 443, signal),
  mends: (machine, signal) => letIn(machine, 443, signal),
}

export const plainPortDropped: Sabotage = {
  name: 'plain-port-dropped',
  what: "has the host's firewall drop what comes for port 80, where visitors begin who do not say https",
  reddens: {
    'PV-ROUTE-007': { verdict: 'fail', says: /^traefik_app 80\/tcp: .*a firewall drops/s },
    'PV-ROUTE-001': { verdict: 'fail', says: /^(http:\/\/)?report\.ci\.lab\.test\/: .*TCP_TIMEOUT/s },
    'PV-ROUTE-003': { verdict: 'unknown', says: /^http:.*TCP_TIMEOUT/s },
  },
  breaks: (machine, signal) => drop(machine, 80, signal),
  mends: (machine, signal) => letIn(machine, 80, signal),
}

/** Before all that Docker does with the port. */
const rule = (port: number) => `PREROUTING --protocol tcp --dport ${port} --jump DROP`

async function drop(machine: LabMachine, port: number, signal: AbortSignal): Promise<void> {
  const iptables = 'iptables --wait --table raw'
  await runOn(machine, `${iptables} --check ${rule(port)} 2> /dev/null || ${iptables} --insert ${rule(port)}`, {
    signal,
  })
}

async function letIn(machine: LabMachine, port: number, signal: AbortSignal): Promise<void> {
  const iptables = 'iptables --wait --table raw'
  await runOn(machine, `! ${iptables} --check ${rule(port)} 2> /dev/null || ${iptables} --delete ${rule(port)}`, {
    signal,
  })
}
