import type { Check, Judgement, Needs } from '../../../model/check.ts'
import type { SavedRoutes, Visit } from '../../../model/facts/routing/routes.ts'
import type { Certificate, Exchange, ExchangeError } from '../../../model/http.ts'
import { judge, type RawHost, type Wish } from '../../test-host/green.ts'

/** What was seen from outside of the sound host, and what its proxy says; every part may be changed. */
export interface Web {
  /** The visits of each route, in the order in which they are configured. */
  routes?: readonly { readonly name: string; readonly visits: readonly Visit[] }[]
  api?: object
  controls?: readonly Exchange[]
  host?: (host: RawHost) => void
}

/** The route that `answer` is as expected for. */
export const drone = {
  name: 'drone',
  url: 'https://drone.example.org/',
  service: 'drone_app',
  body: '<title>Drone',
} as const

const begin = Date.parse('2026-11-20T14:00:00.000Z')

/** ISO 8601, so many seconds after the first visit. */
export function at(seconds: number): string {
  return new Date(begin + seconds * 1000).toISOString()
}

/** A sound certificate for drone.example.org, with 80 days left at the first visit. */
export function certificate(changes: Partial<Certificate> = {}): Certificate {
  return {
    subject: 'CN=drone.example.org',
    issuer: 'CN=Small Authority',
    altNames: ['DNS:drone.example.org'],
    serial: '0A',
    fingerprint256: 'AA:01',
    validFrom: at(-86_400),
    validTo: at(80 * 86_400),
    ...changes,
  }
}

export const issuer = certificate({
  subject: 'CN=Small Authority',
  issuer: 'CN=Root',
  altNames: [],
  fingerprint256: 'AA:02',
})

/** The answer of Drone's page, as expected. */
export function answer(changes: Partial<Exchange> = {}): Exchange {
  return {
    method: 'GET',
    url: drone.url,
    startedAt: at(0),
    durationMs: 12.4,
    timings: { dnsMs: 0.2, connectMs: 1, tlsMs: 5, firstByteMs: 6, bodyMs: 0.2 },
    resolved: { by: 'dns', addresses: ['198.51.100.2'] },
    peer: '198.51.100.2:443',
    tls: { protocol: 'TLSv1.3', authorized: true, chain: [certificate(), issuer] },
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!doctype html><title>Drone</title>',
    ...changes,
  }
}

/** An exchange that came to no answer. */
export function broken(code: ExchangeError['code'], phase: ExchangeError['phase'], message = 'as it went'): Exchange {
  const { method, url, startedAt, durationMs } = answer()
  return { method, url, startedAt, durationMs, timings: {}, error: { phase, code, message } }
}

/** What the proxy itself says, as Traefik puts it. */
export function proxySays(status: number, body: string): Exchange {
  return answer({ status, body, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

/** Three visits, ten seconds apart: of one and the same answer, or of one each. */
export function visits(...answers: readonly Exchange[]): readonly Visit[] {
  return [0, 1, 2].map((index) => {
    const hop = answers[index] ?? answers[0] ?? answer()
    return { lap: index + 1, hops: [{ ...hop, startedAt: at(index * 10) }] }
  })
}

/** The proxy's own lists: one router of the route, and the address it dials. */
export function proxyLists(changes: object = {}, server = 'http://10.10.0.7:80'): object {
  const tally = { total: 1, warnings: 0, errors: 0 }
  return {
    state: 'answered',
    at: at(30),
    engineNow: at(30),
    version: '3.6.1',
    overview: { http: { routers: tally, services: tally, middlewares: tally } },
    routers: [{ name: 'drone@swarm', rule: 'Host(`drone.example.org`)', service: 'drone', status: 'enabled', tls: {} }],
    services: [
      { name: 'drone@swarm', type: 'loadbalancer', status: 'enabled', loadBalancer: { servers: [{ url: server }] } },
    ],
    ...changes,
  }
}

/** Judges what was seen of one route, the first; the others are as `web` has them. */
export function judgeWeb<N extends Needs>(check: Check<N>, web: Web, wish: Wish = {}): readonly Judgement[] {
  const prepare = (host: RawHost): void => {
    web.host?.(host)
    Object.assign(host, {
      routes: saved(web.routes ?? [{ name: drone.name, visits: visits() }]),
      'proxy-api': web.api ?? { state: 'not configured' },
      'unknown-names': {
        controls: (web.controls ?? []).map((exchange) => ({ name: new URL(exchange.url).host, exchange })),
      },
      'tasks-after-routes': host.tasks,
      'services-after-routes': host.services,
      'networks-after-routes': host.networks,
    })
  }
  // Whatever else that host is held against: here a route stands alone.
  return judge(check, prepare, { proxy: undefined, certificates: undefined, routes: [drone], ...wish })
}

function saved(routes: NonNullable<Web['routes']>): SavedRoutes {
  const bodies: Record<string, string> = {}
  const keyOf = (body: string): string => {
    const key = `b${body.length}-${Object.keys(bodies).length}`
    bodies[key] = body
    return key
  }
  return {
    laps: 3,
    spanMs: 20_000,
    bodies,
    routes: routes.map(({ name, visits }) => ({
      name,
      visits: visits.map(({ lap, hops, stopped }) => ({
        lap,
        ...(stopped === undefined ? {} : { stopped }),
        hops: hops.map(({ body, ...hop }) => (body === undefined ? hop : { ...hop, bodyKey: keyOf(body) })),
      })),
    })),
  }
}
