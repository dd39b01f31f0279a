import type { Requirement } from '../../model/check.ts'
import { nameOfRoute } from '../../model/routing.ts'
import { routesLeadToTheirService } from '../route/routes-lead-to-their-service.ts'

/**
 * A host whose core routes are not seen to lead where they should gets no test traffic. Where no core route is
 * configured nothing stands in the way; that routes are `n/a` then is told by their own check.
 */
export const coreRoutesUp: Requirement = {
  check: routesLeadToTheirService,
  code: 'CORE_ROUTE_DOWN',
  expected: 'every core route leads to its own service',
  remedy: 'Mend routing first: the findings of these routes say how. Then run it again.',
  blocks: ({ subject }, { routes }) => {
    const named = routes.filter((route) => nameOfRoute(route) === subject)
    // A finding that is of no route is of all of them: they could not be visited, say. One may be called as that is.
    return (named.length > 0 && subject !== 'target' ? named : routes).some(({ core }) => core)
  },
}
