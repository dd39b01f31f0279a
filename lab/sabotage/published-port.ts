import { renewStacks } from './control-plane.ts'
import type { Sabotage } from './sabotage.ts'
import { updateWeb } from './update-service.ts'

export const portThroughMesh: Sabotage = {
  name: 'port-through-mesh',
  what: 'publishes a port of the report site through the routing mesh, which this kernel does not have',
  reddens: { 'PV-ROUTE-007': { verdict: 'unknown', says: /^ccci-reports_app 8088\/tcp: .*IPVS/s } },
  breaks: (machine, signal) =>
    updateWeb(
      machine,
      'ccci-reports',
      { args: '--publish-add published=8088,target=80,mode=ingress', done: '8088' },
      signal,
    ),
  mends: (machine, signal) => renewStacks(machine, ['ccci-reports'], signal),
}
