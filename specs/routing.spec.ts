import { describe } from 'vitest'
import { bridgeIsAlive } from '../harness/judge/ci/bridge-is-alive.ts'
import { ciAnswersForItself } from '../harness/judge/ci/ci-answers-for-itself.ts'
import { dashboardShowsLatestRuns } from '../harness/judge/ci/dashboard-shows-latest-runs.ts'
import { reportIsRecent } from '../harness/judge/ci/report-is-recent.ts'
import { backendsAreRunning } from '../harness/judge/proxy/backends-are-running.ts'
import { nothingIsInError } from '../harness/judge/proxy/nothing-is-in-error.ts'
import { portsLetUsIn } from '../harness/judge/proxy/ports-let-us-in.ts'
import { proxyIsAlive } from '../harness/judge/proxy/proxy-is-alive.ts'
import { certificatesLast } from '../harness/judge/route/certificates-last.ts'
import { routesLeadToTheirService } from '../harness/judge/route/routes-lead-to-their-service.ts'
import { unknownNamesGetNothing } from '../harness/judge/route/unknown-names-get-nothing.ts'
import { prove } from '../harness/run/prove.ts'

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

describe('the CI control plane', () => {
  prove(ciAnswersForItself)
  prove(dashboardShowsLatestRuns)
  prove(reportIsRecent)
  prove(bridgeIsAlive)
})
