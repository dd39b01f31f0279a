import type { Expectations } from '../../model/expectations.ts'
import { nameOfRoute, type Route } from '../../model/routing.ts'
import { type Verdict, worstVerdict } from '../../model/verdict.ts'
import { bullets, code, prose, table } from './markdown.ts'
import { lastAnswerOf, type RouteAnswer, routesSeenIn } from './route-answers.ts'
import type { Tally } from './tally.ts'
import { counted, verdictMark } from './words.ts'

const routeCheck = 'PV-ROUTE-001'

/** What was proven from outside, for a reader in a hurry: the routes, and what else is configured; nothing where none is. */
export function routingSection(tally: Tally): string {
  const wanted = tally.run?.expectations
  if (wanted === undefined) return ''
  const body = [routesTable(wanted.routes, tally), ownPages(wanted)].filter((part) => part !== '')
  return body.length === 0 ? '' : ['## Routing', ...body].join('\n\n')
}

function routesTable(routes: readonly Route[], tally: Tally): string {
  if (routes.length === 0) return ''
  const seen = routesSeenIn(tally)
  const rows = routes.map((route, index) => {
    const name = nameOfRoute(route)
    // In the order of the configuration: two routes may bear the same name.
    const own = seen[index]?.name === name ? seen[index] : seen.find((other) => other.name === name)
    return [
      code(name, 120),
      route.service === undefined ? '–' : code(route.service, 100),
      route.core ? 'yes' : 'no',
      statusOf(route),
      markOf(verdictsOf(name, tally)),
      ...answerCells(own && lastAnswerOf(own)),
    ]
  })
  const head = ['Route', 'Service', 'Core', 'Wanted', 'Verdict', 'Answer', 'From', 'Time', 'TLS lasts']
  return table(head, rows)
}

function statusOf({ method, status, follow }: Route): string {
  const redirects = follow === 0 ? '' : `, after at most ${counted(follow, 'redirect')}`
  return `${method === 'GET' ? '' : `${method} `}${[status].flat().join(' or ')}${redirects}`
}

/** Of the route itself, else of the check as a whole, which may have had nothing to judge. */
function verdictsOf(name: string, { findings }: Tally): readonly Verdict[] {
  const all = findings.filter(({ check }) => check === routeCheck)
  const own = all.filter(({ subject }) => subject === name)
  return (own.length > 0 ? own : all.filter(({ subject }) => subject === 'target')).map(({ verdict }) => verdict)
}

function markOf(verdicts: readonly Verdict[]): string {
  return verdicts.length === 0 ? 'not judged' : verdictMark(worstVerdict(verdicts))
}

function answerCells(seen: RouteAnswer | undefined): readonly string[] {
  if (seen === undefined) return ['–', '–', '–', '–']
  const { answer, from, tookMs, tlsLeft } = seen
  return [prose(answer, 100), from === undefined ? '–' : code(from, 100), `${Math.round(tookMs)} ms`, tlsLeft ?? '–']
}

/** The pages and programs that are held against more than a route is. */
function ownPages({ proxy, ci, dashboard, reportSite, bridge }: Expectations): string {
  const items = [
    ...(proxy === undefined ? [] : [`**Proxy:** ${proxyOf(proxy)}`]),
    ...(ci === undefined ? [] : [`**CI server:** ${code(ci.url)}, builds of ${code(ci.repo, 100)}`]),
    ...(dashboard === undefined
      ? []
      : [`**Dashboard:** ${code(dashboard.url)}, with ${dashboard.recipes.map((name) => code(name, 100)).join(', ')}`]),
    ...(reportSite === undefined ? [] : [`**Report site:** ${code(reportSite.url)}${ageOf(reportSite.maxAgeHours)}`]),
    ...(bridge === undefined ? [] : [`**Bridge:** ${bridgeOf(bridge)}`]),
  ]
  return bullets(items)
}

function proxyOf({ service, api, ping, refreshSeconds }: NonNullable<Expectations['proxy']>): string {
  return [
    ...(service === undefined ? [] : [`service ${code(service, 100)}`]),
    ...(api === undefined ? [] : [`its API at ${code(api)}`]),
    ...(ping === undefined ? [] : [`alive at ${code(ping)}`]),
    `asks the Swarm every ${counted(refreshSeconds, 'second')}`,
  ].join(', ')
}

function ageOf(maxAgeHours: number | undefined): string {
  return maxAgeHours === undefined ? '' : `, at most ${counted(maxAgeHours, 'hour')} old`
}

function bridgeOf({ service, health, pollSeconds }: NonNullable<Expectations['bridge']>): string {
  const local = health === undefined ? '' : `, health at ${code(health)}`
  return `service ${code(service, 100)}${local}, looks every ${counted(pollSeconds, 'second')}`
}
