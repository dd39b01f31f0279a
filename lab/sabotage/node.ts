import { type LabMachine, runOn } from '../host/machine.ts'
import type { Sabotage } from './sabotage.ts'

export const nodePaused: Sabotage = {
  name: 'node-paused',
  what: 'takes the node out of service, as for maintenance, and forgets it',
  reddens: { 'PV-SWM-002': { verdict: 'fail', says: /ready, pause/ } },
  breaks: (machine, signal) => setAvailability(machine, 'pause', signal),
  mends: (machine, signal) => setAvailability(machine, 'active', signal),
}

async function setAvailability(machine: LabMachine, availability: string, signal: AbortSignal): Promise<void> {
  const self = "$(docker info --format '{{.Swarm.NodeID}}')"
  await runOn(machine, `docker node update --availability ${availability} ${self}`, { signal })
}
