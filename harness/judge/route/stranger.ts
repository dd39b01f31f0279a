import type { RouteSeen } from '../../model/facts/routing/routes.ts'
import type { Exchange } from '../../model/http.ts'
import { nameOfRoute, type Route } from '../../model/routing.ts'
import { addressesOf } from '../address/task-state.ts'
import { isRunning } from '../service/control-plane.ts'
import { dialled } from './behind-proxy.ts'
import { hostOfServer } from './dialled.ts'
import { hasMarker, mismatchesOf } from './expectation.ts'
import type { Cause } from './fault.ts'
import type { Scene } from './scene.ts'

/** Who answers in place of the route's own service, if that can be recognised. */
export function strangerCause(route: Route, exchange: Exchange, scene: Scene): Cause | undefined {
  const who = routeRecognised(route, exchange, scene.wanted.routes) ?? serviceDialled(route, exchange, scene)
  return who === undefined ? undefined : causeOf(route, who)
}

/** Who gives an answer that could be anybody's, where the proxy says that it is not the route's own service. */
export function strangerBehind(route: Route, exchange: Exchange, scene: Scene): Cause | undefined {
  const isOwnHost = new URL(exchange.url).hostname === new URL(route.url).hostname
  const who = hasMarker(route) || !isOwnHost ? undefined : serviceDialled(route, exchange, scene)
  return who === undefined ? undefined : causeOf(route, who)
}

function causeOf(route: Route, who: string): Cause {
  const own = route.service ?? 'the service that is meant'
  return {
    code: 'WRONG_SERVICE',
    said: `another service answers: ${who}`,
    remedy: `Look for two routers that both match this name: the one with the longer rule, or the higher \`priority\`, wins. Give \`Host(\`${new URL(route.url).hostname}\`)\` to ${own} alone.`,
  }
}

/** Only an expectation with a marker can be recognised: anybody's answer has a status. */
function routeRecognised(route: Route, exchange: Exchange, routes: readonly Route[]): string | undefined {
  const other = routes.find(
    (other) => isElsewhere(other, route) && hasMarker(other) && mismatchesOf(other, exchange).length === 0,
  )
  return other === undefined ? undefined : `the answer is the one expected of ${nameOfRoute(other)}`
}

/** Two paths of one host lead to one service unless they are said to lead to two. */
function isElsewhere(other: Route, route: Route): boolean {
  if (other.service !== undefined && route.service !== undefined) return other.service !== route.service
  return new URL(other.url).host !== new URL(route.url).host
}

function serviceDialled({ service }: Route, exchange: Exchange, scene: Scene): string | undefined {
  const own = scene.services.find(({ Spec }) => Spec.Name === service)
  if (own === undefined) return undefined
  for (const url of dialled(exchange, scene)) {
    const host = hostOfServer(url)
    const holder = scene.tasks.find(
      (task) => isRunning(task) && addressesOf(task).some(({ address }) => address === host),
    )
    const name = scene.services.find(({ ID }) => ID === holder?.ServiceID)?.Spec.Name
    if (name !== undefined && name !== service) return `the proxy sends it on to ${url}, a task of ${name}`
  }
  return undefined
}

/** The routes whose answer, seen in a visit that succeeded, has the very same body. */
export function routesWithBody(body: string | undefined, seen: readonly RouteSeen[]): readonly string[] {
  if (body === undefined || body.trim() === '') return []
  return seen
    .filter(({ visits }) => visits.some(({ hops }) => hops.some((hop) => isSuccess(hop) && hop.body === body)))
    .map(({ name }) => name)
}

function isSuccess({ status = 0 }: Exchange): boolean {
  return status >= 200 && status <= 299
}
