import { type LabMachine, runOn } from '../host/machine.ts'
import type { Reddening, Sabotage } from './sabotage.ts'

/** What cannot be told of the outside as long as nobody is let in. */
export const nobodyGetsIn = (says: RegExp) =>
  ({
    'PV-ROUTE-002': { verdict: 'unknown', says },
    'PV-ROUTE-003': { verdict: 'unknown', says },
    'PV-ROUTE-004': { verdict: 'unknown', says },
    'PV-ROUTE-005': { verdict: 'unknown', says },
    'PV-ROUTE-006': { verdict: 'fail', says },
    'PV-CI-001': { verdict: 'unknown', says },
    'PV-CI-002': { verdict: 'unknown', says },
    'PV-CI-003': { verdict: 'unknown', says },
  }) satisfies Record<string, Reddening>

export const tlsPortDropped: Sabotage = {
  name: 'tls-port-dropped',
  what: "has the host's firewall drop what comes for port 443, without a word",
  reddens: {
    'PV-ROUTE-007': { verdict: 'fail', says: /443.*TCP_TIMEOUT/s },
    'PV-ROUTE-001': { verdict: 'fail', says: /TCP_TIMEOUT/ },
    ...nobodyGetsIn(/TCP_TIMEOUT/),
  },
  breaks: (machine, signal) => drop(machine, 443, signal),
  mends: (machine, signal) => letIn(machine, 443, signal),
}

export const plainPortDropped: Sabotage = {
  name: 'plain-port-dropped',
  what: "has the host's firewall drop what comes for port 80: no route leads there, but browsers begin there",
  reddens: { 'PV-ROUTE-007': { verdict: 'fail', says: /\b80\b.*TCP_TIMEOUT/s } },
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
