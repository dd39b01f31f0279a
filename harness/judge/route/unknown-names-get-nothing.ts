import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import { unknownNames } from '../../model/facts/routing/controls.ts'
import { type RouteSeen, routes } from '../../model/facts/routing/routes.ts'
import type { Exchange } from '../../model/http.ts'
import { nameOfRoute, type Route } from '../../model/routing.ts'
import { layerOf } from '../proxy/layer.ts'
import { list } from '../say.ts'
import { hasMarker, mismatchesOf } from './expectation.ts'
import { doubt, type Fault, failure, judgementOf } from './fault.ts'
import { isGatewayStatus } from './gateway.ts'
import { noRoutes } from './no-routes.ts'
import { targetOf } from './redirect.ts'
import { routesWithBody } from './stranger.ts'

const expected = "a refusal, or an answer that is no route's"

export const unknownNamesGetNothing = defineCheck({
  id: 'PV-ROUTE-003',
  title: "A name that no router knows gets no route's answer",
  needs: { controls: unknownNames, routes },
  notApplicable: noRoutes,
  judge: ({ controls: { controls }, routes }, wanted) => {
    if (controls.length === 0) return [judgementOf({ subject: 'unknown names', expected }, notAsked)]
    return controls.map(({ exchange }) => judgeControl(exchange, wanted.routes, routes.routes))
  },
})

const notAsked = doubt('no name was asked for', {
  code: 'CONTROL_NOT_ASKED',
  said: 'a name that nobody knows can be made up only below the domain of a route, and all of them are addresses',
  remedy: 'Name the routes in `expect.routes` by their names; `target.http.resolve` leads these to addresses.',
})

function judgeControl(exchange: Exchange, wanted: readonly Route[], seen: readonly RouteSeen[]): Judgement {
  const said = { subject: subjectOf(exchange), expected }
  const { error, status } = exchange
  if (status === undefined) return judgeSilence(said, exchange, seen)
  const actual = `${status}${error === undefined ? '' : `, ${layerOf(error)}: ${plain(error.message, 200)}`}`
  const alike = routesWithBody(exchange.body, seen)
  if (alike.length > 0) return judgementOf(said, caught(actual, `the same page as that of ${list(alike, 3)}`))
  if (leadsToItself(exchange)) return { ...said, actual: `${actual} to the same name by https`, verdict: 'pass' }
  if (isGatewayStatus(status)) return judgementOf(said, passedOn(actual))
  const led = routesLedAlike(exchange, seen)
  if (led.length > 0) return judgementOf(said, caught(actual, `the same redirect as that of ${list(led, 3)}`))
  const met = wanted.map((route) => ({ route, mismatches: mismatchesOf(route, exchange) }))
  const whole = met.filter(({ route, mismatches }) => mismatches.length === 0 && (status !== 404 || hasMarker(route)))
  if (whole.length > 0) {
    const names = list(
      whole.map(({ route }) => nameOfRoute(route)),
      3,
    )
    return judgementOf(said, caught(actual, `all that is expected of ${names}`))
  }
  const open = met.find(({ mismatches }) => mismatches.length > 0 && mismatches.every(({ certain }) => !certain))
  const [mismatch] = open?.mismatches ?? []
  if (open === undefined || mismatch === undefined) return { ...said, actual, verdict: 'pass' }
  return judgementOf(
    said,
    doubt(actual, {
      code: mismatch.code,
      said: `whether this is the answer of ${nameOfRoute(open.route)} cannot be told: ${mismatch.said}`,
      remedy: 'See PV-ROUTE-001 for the same route.',
    }),
  )
}

function caught(actual: string, what: string): Fault {
  return failure(`${actual}, with ${what}`, {
    code: 'CATCH_ALL',
    said: 'what answers any name at all proves nothing of a route: it may be this that answered there, too',
    remedy:
      'Look for a router without a `Host`, or with a `HostRegexp` that matches everything, and narrow it; else expect of the route what only its own service answers (`body`, `json`).',
  })
}

function passedOn(actual: string): Fault {
  return doubt(actual, {
    code: 'CONTROL_PASSED_ON',
    said: 'somebody passed it on to what did not answer: who, and what it would have answered, is not known',
    remedy:
      'Look for a router without a `Host`, or with a `HostRegexp` that matches everything, and for another proxy in front of this one.',
  })
}

function judgeSilence(
  said: Pick<Judgement, 'subject' | 'expected'>,
  { error, method, url }: Exchange,
  seen: readonly RouteSeen[],
): Judgement {
  const actual = error === undefined ? 'no answer' : `${layerOf(error)}: ${plain(error.message, 200)}`
  const lets = seen.some(({ visits }) => visits.some(({ hops }) => hops.some(({ tls, status }) => tls && status)))
  if (error?.code === 'TLS_REFUSED' && lets) return { ...said, actual, verdict: 'pass' }
  return judgementOf(
    said,
    doubt(actual, {
      code: error?.code ?? 'NO_ANSWER',
      said: `${method} ${plain(url, 120)} did not come as far as to be answered or refused`,
      remedy: 'See PV-ROUTE-001: what keeps this one from an answer is likely to keep the routes from theirs.',
    }),
  )
}

/** A whole entry point that sends http on to https does so under every name. */
function leadsToItself(exchange: Exchange): boolean {
  const [from, to] = [new URL(exchange.url), targetOf(exchange)]
  return from.protocol === 'http:' && to?.protocol === 'https:' && from.hostname === to.hostname
}

/** The routes that are followed on from the very same redirect: what comes after it says nothing of who sent us there. */
function routesLedAlike(exchange: Exchange, seen: readonly RouteSeen[]): readonly string[] {
  const led = leadOf(exchange)
  if (led === undefined) return []
  return seen
    .filter(({ visits }) =>
      visits.some(({ hops: [first, ...others] }) => others.length > 0 && first && leadOf(first) === led),
    )
    .map(({ name }) => name)
}

/** The status and the target of a redirect, whatever was asked for; the query may hold what was. */
function leadOf(exchange: Exchange): string | undefined {
  const [from, to] = [new URL(exchange.url), targetOf(exchange)]
  if (to === undefined) return undefined
  return `${exchange.status} ${to.host === from.host ? to.protocol : to.origin} ${to.pathname}`
}

/** The name is another one in every run; what it stands for is not. */
function subjectOf({ url }: Exchange): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//*${host.slice(host.indexOf('.'))}${pathname}`
}
