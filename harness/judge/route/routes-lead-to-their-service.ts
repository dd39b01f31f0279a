import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import { networksAfterRoutes, servicesAfterRoutes, tasksAfterRoutes } from '../../model/facts/routing/backends.ts'
import { proxyApi } from '../../model/facts/routing/proxy-api.ts'
import { type RouteSeen, type RoutesSeen, routes, type Visit } from '../../model/facts/routing/routes.ts'
import { nameOfRoute, type Route } from '../../model/routing.ts'
import { count, duration, list } from '../say.ts'
import { describeExpected } from './expectation.ts'
import { doubt, type Fault, judgementOf } from './fault.ts'
import { noRoutes } from './no-routes.ts'
import { backendOf, type Scene, sceneOf, statesBeside } from './scene.ts'
import { timingLine } from './timing-line.ts'
import { faultOf } from './visit.ts'

export const routesLeadToTheirService = defineCheck({
  id: 'PV-ROUTE-001',
  title: 'Every route leads to its own service',
  needs: {
    routes,
    proxyApi,
    services: servicesAfterRoutes,
    tasks: tasksAfterRoutes,
    networks: networksAfterRoutes,
  },
  notApplicable: noRoutes,
  judge: ({ routes, ...facts }, wanted) => {
    const scene = sceneOf(wanted, facts)
    return wanted.routes.map((route, index) => {
      const name = nameOfRoute(route)
      // In the order of the configuration: two routes may bear the same name, and want different things.
      const inPlace = routes.routes[index]
      const seen = inPlace?.name === name ? inPlace : routes.routes.find((seen) => seen.name === name)
      return judgeRoute(route, seen, routes, scene)
    })
  },
})

function judgeRoute(
  route: Route,
  seen: RouteSeen | undefined,
  { laps, spanMs }: Pick<RoutesSeen, 'laps' | 'spanMs'>,
  scene: Scene,
): Judgement {
  const said = { subject: nameOfRoute(route), expected: `${describeExpected(route)}; in ${count(laps, 'visit')}` }
  const visits = seen?.visits ?? []
  const always = visits.length >= laps && new Set(visits.map(statusOf)).size === 1
  const looked = visits.map((visit) => ({ visit, fault: faultOf(route, visit, scene, always) }))
  const failed = looked.filter(({ fault }) => fault?.verdict === 'fail')
  const fine = looked.filter(({ fault }) => fault === undefined).map(({ visit }) => visit)
  const last = (failed.length > 0 ? failed : looked).findLast(({ fault }) => fault !== undefined)
  if (last?.fault !== undefined) {
    const isFlapping = fine.length > 0 && failed.length > 0
    const fault = isFlapping ? flaps(last.fault, failed, visits.length) : last.fault
    return judgementOf(said, { ...fault, actual: [fault.actual, ...statesBeside(route.service, scene)].join('; ') })
  }
  const answers = fine.map(({ hops }) => hops.at(-1)).filter((hop) => hop !== undefined)
  const [first, ...others] = answers
  if (first === undefined || answers.length < laps) {
    return judgementOf(said, tooFew(answers.length, laps))
  }
  const actual = `${timingLine([first, ...others])}${whereTo(fine)}`
  if (route.service !== undefined && backendOf(route.service, scene).service === undefined) {
    return judgementOf(said, nobodysAnswer(actual, route.service))
  }
  const apartMs = spanOf(visits)
  if (apartMs < spanMs * 0.9) return judgementOf(said, tooClose(actual, apartMs, spanMs))
  return { ...said, actual, verdict: 'pass' }
}

function flaps({ causes, ...fault }: Fault, failed: readonly { readonly visit: Visit }[], total: number): Fault {
  const which = list(failed.map(({ visit: { lap, hops } }) => `visit ${lap} at ${hops[0]?.startedAt ?? 'no time'}`))
  const said = `${which} of ${total} failed, the others were as expected`
  return { ...fault, causes: [{ code: 'FLAPS', said }, ...causes] }
}

function tooFew(seen: number, laps: number): Fault {
  return doubt(seen === 0 ? 'not visited' : `as expected in ${count(seen, 'visit')}`, {
    code: 'TOO_FEW_VISITS',
    said: `${count(laps, 'visit')} are needed to outlast a refresh of the proxy, and ${seen} ${seen === 1 ? 'was' : 'were'} made`,
    remedy: 'Run again, and let it come to its end.',
  })
}

function nobodysAnswer(actual: string, service: string): Fault {
  return doubt(actual, {
    code: 'SERVICE_ABSENT',
    said: `the answer is as expected, and the Swarm has no service ${service} that it could come from`,
    remedy: 'Correct `service` of this route, or deploy it; `docker service ls` names those there are.',
  })
}

function tooClose(actual: string, apartMs: number, spanMs: number): Fault {
  return doubt(actual, {
    code: 'VISITS_TOO_CLOSE',
    said: `the visits lie ${duration(apartMs)} apart, and not ${duration(spanMs)}: a change that the proxy had yet to hear of would not show`,
    remedy: 'Run again; the clock of this machine may have been set meanwhile.',
  })
}

/** Where redirects ended, so that nobody takes a page of somebody else's for the route's own. */
function whereTo(visits: readonly Visit[]): string {
  const ends = new Set(
    visits.flatMap(({ hops }) =>
      hops
        .slice(1)
        .slice(-1)
        .map(({ url }) => plain(url, 120)),
    ),
  )
  return ends.size === 0 ? '' : `, led to ${list([...ends], 2)}`
}

function statusOf({ hops }: Visit): number | undefined {
  return hops.at(-1)?.status
}

function spanOf(visits: readonly Visit[]): number {
  const times = visits.map(({ hops }) => Date.parse(hops[0]?.startedAt ?? ''))
  return Math.max(...times) - Math.min(...times)
}
