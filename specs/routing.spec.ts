import { describe } from 'vitest'
import { backendsAreRunning } from '../harness/judge/proxy/backends-are-running.ts'
import { nothingIsInError } from '../harness/judge/proxy/nothing-is-in-error.ts'
import { portsLetUsIn } from '../harness/judge/proxy/ports-let-us-in.ts'
import { proxyIsAlive } from '../harness/judge/proxy/proxy-is-alive.ts'
import { certificatesLast } from '../harness/judge/route/certificates-last.ts'
import { routesLeadToTheirService } from '../harness/judge/route/routes-lead-to-their-service.ts'
import { unknownNamesGetNothing } from '../harness/judge/route/unknown-names-get-nothing.ts'
import { prove } from '../harness/run/prove.ts'

// A block becomes a plain `describe` with its first check: an empty one would fail the run.

describe('the routes', () => {
  prove(routesLeadToTheirService)
  prove(certificatesLast)
  prove(unknownNamesGetNothing)
})

describe('the proxy', () => {
  prove(nothingIsInError)
  prove(backendsAreRunning)
  prove(proxyIsAlive)
  prove(portsLetUsIn)
})

describe.todo('the CI control plane', () => {
  // PV-CI-001 to 004
})
