import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { Visit } from '../../model/facts/routing/routes.ts'
import type { Exchange } from '../../model/http.ts'
import { networkIn, only, type RawHost, serviceIn, taskIn, the, type Wish } from '../test-host/green.ts'
import { routesLeadToTheirService } from './routes-lead-to-their-service.ts'
import {
  answer,
  at,
  broken,
  certificate,
  drone,
  judgeWeb,
  proxyLists,
  proxySays,
  visits,
  type Web,
} from './testing/web.ts'

/** The judgement of a route that was visited so, and of which that much is expected beside its defaults. */
function judged(seen: readonly Visit[], web: Web = {}, route: object = {}, wish: Wish = {}): Judgement {
  const routes = [{ ...drone, ...route }]
  return only(
    judgeWeb(routesLeadToTheirService, { ...web, routes: [{ name: drone.name, visits: seen }] }, { routes, ...wish }),
  )
}

const withProxy = { proxy: { service: 'traefik_app' } }
const badGateway = proxySays(502, 'Bad Gateway')
const noService = proxySays(503, 'no available server')
const gatewayTimeout = proxySays(504, 'Gateway Timeout')
const notFound = proxySays(404, '404 page not found\n')

describe('a route that leads to its service', () => {
  test('passes with its status, address and times', () => {
    expect(judged(visits())).toEqual({
      subject: 'drone',
      expected: '200 with "<title>Drone"; in 3 visits',
      actual: '200 from 198.51.100.2:443 in 12 ms (dns 0, tcp 1, tls 5, first byte 6), the slowest of 3 visits',
      verdict: 'pass',
    })
  })

  test('is doubted where the Swarm has no service that it could lead to', () => {
    expect(judged(visits(), {}, { service: 'dron_app' })).toMatchObject({
      verdict: 'unknown',
      code: 'SERVICE_ABSENT',
      actual: expect.stringMatching(/^200 from/),
      reason: expect.stringContaining('has no service dron_app'),
      remedy: expect.stringContaining('`service` of this route'),
    })
  })

  test('is told by its slowest visit, and by all who answered', () => {
    const slow = answer({ durationMs: 90, peer: '198.51.100.9:443', timings: { firstByteMs: 80 } })
    expect(judged(visits(answer(), slow, answer())).actual).toBe(
      '200 from 198.51.100.9:443, 198.51.100.2:443 in 90 ms (first byte 80), the slowest of 3 visits',
    )
  })

  const redirect = answer({ url: 'http://drone.example.org/', status: 301, headers: { location: drone.url }, body: '' })
  const led = visits().map(({ lap, hops }, index) => ({
    lap,
    hops: [{ ...redirect, startedAt: at(index * 10) }, ...hops],
  }))
  const json = {
    type: 'array',
    minItems: 1,
    items: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } },
  }
  test.each<[what: string, route: object, seen: readonly Visit[]]>([
    ['another status that is expected', { status: [200, 303], body: undefined }, visits(answer({ status: 303 }))],
    ['a redirect that is followed', { follow: 1 }, led],
    ['a redirect that is expected', { status: 301, body: undefined }, visits(redirect)],
    [
      'one redirect more than is followed, and expected',
      { status: 301, follow: 1, body: undefined },
      visits(redirect).map((visit) => ({ ...visit, stopped: 'too many' })),
    ],
    ['a header', { headers: { 'Content-Type': { matches: '^text/html' } } }, visits()],
    ['a header in full', { headers: { 'Content-Type': 'text/html; charset=utf-8' } }, visits()],
    ['several patterns', { body: ['doctype', { matches: '<title>\\w+</title>$' }] }, visits()],
    ['JSON of a shape', { body: undefined, json }, visits(answer({ body: '[{"n":1,"m":null}]' }))],
    ['no body at all', { method: 'HEAD', body: undefined }, visits(answer({ method: 'HEAD', body: undefined }))],
    ['a mark within a body that is too long', {}, visits(answer({ truncated: true }))],
    ['the status of a gateway, if it is expected', { status: 502, body: undefined }, visits(badGateway)],
    ['a 404, if it is expected', { status: 404, body: undefined }, visits(notFound)],
  ])('passes: %s', (_, route, seen) => {
    expect(judged(seen, {}, route)).toMatchObject({ verdict: 'pass' })
  })

  test('says where its redirects ended', () => {
    expect(judged(led, {}, { follow: 1 }).actual).toMatch(/visits, led to https:\/\/drone\.example\.org\/$/)
    expect(judged(visits()).actual).not.toContain('led to')
  })

  test('without routes it does not apply', () => {
    expect(judgeWeb(routesLeadToTheirService, {}, { routes: [] })).toMatchObject([{ verdict: 'n/a' }])
  })

  test('two routes of one name are judged by their own visits', () => {
    const routes = [drone, { ...drone, body: 'Welcome' }]
    const welcome = visits(answer({ body: 'Welcome' }))
    const seen = [
      { name: 'drone', visits: visits() },
      { name: 'drone', visits: welcome },
    ]
    expect(judgeWeb(routesLeadToTheirService, { routes: seen }, { routes })).toMatchObject([
      { verdict: 'pass' },
      { verdict: 'pass' },
    ])
  })

  test('what is seen out of order is found by its name', () => {
    const routes = [{ name: 'other', url: 'https://other.example.org/' }, drone]
    const judgements = judgeWeb(routesLeadToTheirService, { routes: [{ name: 'drone', visits: visits() }] }, { routes })
    expect(judgements).toMatchObject([{ verdict: 'unknown', code: 'TOO_FEW_VISITS' }, { verdict: 'pass' }])
  })
})

describe('visits that do not suffice', () => {
  test.each<[what: string, seen: readonly Visit[], code: string]>([
    ['none', [], 'TOO_FEW_VISITS'],
    ['two of three', visits().slice(0, 2), 'TOO_FEW_VISITS'],
    ['three in a row', visits().map((visit) => ({ ...visit, hops: [answer()] })), 'VISITS_TOO_CLOSE'],
  ])('%s: unknown', (_, seen, code) => {
    expect(judged(seen)).toMatchObject({ verdict: 'unknown', code, remedy: expect.stringContaining('Run again') })
  })

  test('how many there were is told', () => {
    expect(judged([])).toMatchObject({
      actual: expect.stringMatching(/^not visited/),
      reason: expect.stringContaining('and 0 were made'),
    })
    expect(judged(visits().slice(0, 1))).toMatchObject({
      actual: expect.stringMatching(/^as expected in 1 visit/),
      reason: expect.stringContaining('and 1 was made'),
    })
  })

  test('one that could not be made takes the pass from the others', () => {
    const judgement = judged(visits(answer(), broken('DNS_TIMEOUT', 'dns'), answer()))
    expect(judgement).toMatchObject({ verdict: 'unknown', code: 'DNS_TIMEOUT' })
  })
})

describe('what stands in the way of an answer', () => {
  test.each<
    [
      code: NonNullable<Exchange['error']>['code'],
      phase: NonNullable<Exchange['error']>['phase'],
      verdict: string,
      message?: string,
    ]
  >([
    ['REQUEST_REFUSED', 'dns', 'unknown'],
    ['DNS_NOT_FOUND', 'dns', 'fail'],
    ['DNS_FAILED', 'dns', 'unknown'],
    ['DNS_TIMEOUT', 'dns', 'unknown'],
    ['SOCKS_UNREACHABLE', 'proxy', 'unknown'],
    ['SOCKS_TIMEOUT', 'proxy', 'unknown'],
    ['SOCKS_AUTH', 'proxy', 'unknown'],
    ['SOCKS_PROTOCOL', 'proxy', 'unknown'],
    ['SOCKS_DENIED', 'proxy', 'unknown'],
    ['SOCKS_FAILED', 'proxy', 'unknown'],
    ['SOCKS_TARGET_REFUSED', 'connect', 'fail'],
    ['SOCKS_TARGET_UNREACHABLE', 'connect', 'fail'],
    ['SOCKS_TARGET_TIMEOUT', 'connect', 'fail'],
    ['TCP_REFUSED', 'connect', 'fail'],
    ['TCP_TIMEOUT', 'connect', 'fail'],
    ['TCP_RESET', 'connect', 'fail'],
    ['TCP_FAILED', 'connect', 'unknown'],
    ['TCP_UNREACHABLE', 'connect', 'fail', '198.51.100.2:443 cannot be reached from here (EHOSTUNREACH)'],
    ['TCP_UNREACHABLE', 'connect', 'unknown', '[2001:db8::1]:443 cannot be reached from here (ENETUNREACH)'],
    ['TLS_EXPIRED', 'tls', 'fail'],
    ['TLS_NOT_YET_VALID', 'tls', 'fail'],
    ['TLS_UNTRUSTED', 'tls', 'fail'],
    ['TLS_SELF_SIGNED', 'tls', 'fail'],
    ['TLS_NAME_MISMATCH', 'tls', 'fail'],
    ['TLS_REFUSED', 'tls', 'fail'],
    ['TLS_NOT_TLS', 'tls', 'fail'],
    ['TLS_TIMEOUT', 'tls', 'fail'],
    ['TLS_FAILED', 'tls', 'fail'],
    ['HTTP_TIMEOUT', 'answer', 'fail'],
    ['HTTP_CLOSED', 'answer', 'fail'],
    ['HTTP_MALFORMED', 'answer', 'fail'],
    ['BODY_TIMEOUT', 'body', 'fail'],
    ['BODY_CLOSED', 'body', 'fail'],
  ])('%s of %s: %s', (code, phase, verdict, message = 'no answer within 5 s') => {
    const judgement = judged(visits(broken(code, phase, message)))
    expect(judgement).toMatchObject({ verdict, code })
    expect(judgement.reason).toMatch(new RegExp(`^${code}: .`))
    expect(judgement.actual).toContain(message)
    expect(judgement.actual).toContain('drone_app: 1 of 1 tasks running')
    expect(judgement.remedy).toMatch(/\.$/)
  })

  test.each<[layer: string, exchange: Exchange, remedy: string]>([
    ['DNS', broken('DNS_NOT_FOUND', 'dns'), 'Create the record of drone.example.org'],
    ['DNS', broken('DNS_TIMEOUT', 'dns'), 'Mend the resolver'],
    ['SOCKS', broken('SOCKS_UNREACHABLE', 'proxy'), 'Start the SOCKS proxy'],
    ['SOCKS', broken('SOCKS_AUTH', 'proxy'), 'a SOCKS proxy that wants no password'],
    ['TCP', broken('SOCKS_TARGET_REFUSED', 'connect'), 'PV-ROUTE-007'],
    ['TCP', broken('TCP_REFUSED', 'connect'), 'See whether traefik_app runs and publishes the port'],
    ['TCP', broken('TCP_FAILED', 'connect'), "this machine's way"],
    ['TLS', broken('TLS_EXPIRED', 'tls'), 'Renew the certificate'],
    ['TLS', broken('TLS_REFUSED', 'tls'), 'is the one for TLS'],
    ['HTTP', broken('HTTP_TIMEOUT', 'answer'), '`docker service logs traefik_app`'],
  ])('%s is named, with what to do', (layer, exchange, remedy) => {
    const judgement = judged(visits(exchange), {}, {}, withProxy)
    expect(judgement.actual).toMatch(new RegExp(`^${layer}: `))
    expect(judgement.remedy).toContain(remedy)
    expect(judgement.actual).toContain('traefik_app: 1 of 1 tasks running')
  })

  test.each([
    ['HTTP_TIMEOUT', 'answer', 'the request was taken, and not answered in time'],
    ['HTTP_CLOSED', 'answer', 'the answer did not come whole'],
    ['BODY_TIMEOUT', 'body', 'the answer did not come whole'],
  ] as const)('%s is put into words', (code, phase, said) => {
    expect(judged(visits(broken(code, phase))).reason).toBe(`${code}: ${said}`)
  })

  test('the certificate is named', () => {
    const tls = { protocol: 'TLSv1.3', authorized: false, chain: [certificate({ subject: 'CN=TRAEFIK DEFAULT CERT' })] }
    const judgement = judged(visits({ ...broken('TLS_SELF_SIGNED', 'tls', 'signed by itself'), tls }))
    expect(judgement.actual).toContain('(CN=TRAEFIK DEFAULT CERT, issued by CN=Small Authority, valid until 2027-02-08')
  })

  test('a body that broke off is told by its status where that is not expected', () => {
    const error = { phase: 'body', code: 'BODY_CLOSED', message: 'closed' } as const
    expect(judged(visits(answer({ error })))).toMatchObject({ code: 'BODY_CLOSED' })
    expect(judged(visits({ ...badGateway, error }))).toMatchObject({ code: 'WRONG_PORT_OR_HEALTH_PATH' })
  })

  test('what the proxy cannot reach is why it says nothing', () => {
    const seen = visits(broken('HTTP_TIMEOUT', 'answer')).slice(0, 1)
    expect(judged(seen, { host: scaleToNone })).toMatchObject({
      code: 'BACKEND_DOWN',
      reason: expect.stringContaining('; HTTP_TIMEOUT: '),
    })
    expect(judged(visits(broken('TCP_TIMEOUT', 'connect')).slice(0, 1), { host: scaleToNone })).toMatchObject({
      code: 'TCP_TIMEOUT',
    })
  })
})

function scaleToNone(host: RawHost): void {
  Object.assign(taskIn(host, 'drone_app').Status, { State: 'rejected', Err: 'No such image: drone:9' })
}

function removeDrone(host: RawHost): void {
  Object.assign(host, { services: host.services.filter(({ Spec }) => Spec.Name !== 'drone_app') })
}

/** As after the network was made anew: the proxy's task is on the one of before. */
function recreateNetwork(host: RawHost): void {
  Object.assign(networkIn(host, 'proxy'), { Id: 'newnewnewnewnewnewnewnew1' })
}

function offNetwork(host: RawHost): void {
  Object.assign(taskIn(host, 'traefik_app'), { NetworksAttachments: [] })
}

describe('a gateway that finds nobody', () => {
  test.each<[what: string, code: string, exchange: Exchange, web: Web, wish?: Wish]>([
    ['its task is off the network', 'PROXY_OFF_NETWORK', gatewayTimeout, { host: offNetwork }, withProxy],
    ['its task is on the network of before', 'PROXY_OFF_NETWORK', badGateway, { host: recreateNetwork }, withProxy],
    [
      'there is no shared network',
      'PROXY_OFF_NETWORK',
      badGateway,
      {},
      { ...withProxy, sharedNetwork: { name: 'other' } },
    ],
    ['the service is not there', 'BACKEND_MISSING', noService, { host: removeDrone }],
    ['no task of the service runs', 'BACKEND_DOWN', badGateway, { host: scaleToNone }],
    ['it dials another network', 'WRONG_NETWORK', gatewayTimeout, { api: proxyLists({}, 'http://172.18.0.5:80') }],
    ['it dials nobody', 'BACKEND_GONE', badGateway, { api: proxyLists({}, 'http://10.10.0.99:80') }],
    ['the port is wrong', 'WRONG_PORT_OR_HEALTH_PATH', badGateway, { api: proxyLists({}, 'http://10.10.0.7:81') }],
    ['the health path is wrong', 'WRONG_PORT_OR_HEALTH_PATH', noService, {}],
    ['the port is wrong, and no words are made', 'WRONG_PORT_OR_HEALTH_PATH', answer({ status: 502, body: '' }), {}],
    ['the port is wrong, without a body', 'WRONG_PORT_OR_HEALTH_PATH', answer({ status: 502, body: undefined }), {}],
    ['nothing comes, and no words are made', 'GATEWAY_504', answer({ status: 504, body: '' }), {}],
    ['no more is known', 'GATEWAY_504', gatewayTimeout, { api: proxyLists() }],
    ['the service says so itself', 'GATEWAY_502', answer({ status: 502, body: '<html>nginx</html>' }), {}],
    ['a page of HTML says so', 'GATEWAY_502', answer({ status: 502, body: 'Bad Gateway' }), {}],
    [
      'nobody could be balanced to',
      'GATEWAY_503',
      noService,
      { api: { state: 'silent', why: 'TCP_REFUSED' }, host: moreReplicas },
    ],
  ])('%s: %s', (_, code, exchange, web, wish) => {
    const judgement = judged(visits(exchange), web, {}, wish)
    expect(judgement).toMatchObject({ verdict: 'fail', code, remedy: expect.stringMatching(/\.$/) })
    expect(judgement.reason).toMatch(new RegExp(`^${code}: `))
    expect(judgement.reason).toContain(`GATEWAY_${exchange.status}: `)
    expect(judgement.actual).toMatch(/drone_app: (?:no service|\d of \d tasks running)/)
  })

  function moreReplicas(host: RawHost): void {
    Object.assign(serviceIn(host, 'drone_app').Spec.Mode, { Replicated: { Replicas: 2 } })
  }

  test('a persistent 502 with all tasks running is not routing', () => {
    const judgement = judged(visits(badGateway), { api: proxyLists({}, 'http://10.10.0.7:81') })
    expect(judgement.reason).toContain(
      '502 in all visits while drone_app has 1 of 1 running: not routing; the port the router dials (it dials http://10.10.0.7:81), or the health path, is wrong',
    )
  })

  test('without a service, or with visits that differ, no more is said than is known', () => {
    expect(judged(visits(badGateway), {}, { service: undefined })).toMatchObject({
      code: 'GATEWAY_502',
      remedy: expect.stringContaining('Name its `service`'),
    })
    expect(judged(visits(badGateway, gatewayTimeout, badGateway))).toMatchObject({ code: 'GATEWAY_502' })
    expect(judged(visits(badGateway).slice(0, 2))).toMatchObject({ code: 'GATEWAY_502' })
  })

  test('what an address belongs to may be a VIP, and a name is nobody to judge', () => {
    for (const server of ['http://10.10.0.6:80', 'http://drone.internal:80']) {
      const host = (host: RawHost) => {
        const { Endpoint } = serviceIn(host, 'drone_app')
        Object.assign(Endpoint, { VirtualIPs: [{ NetworkID: networkIn(host, 'proxy').Id, Addr: '10.10.0.6/16' }] })
      }
      expect(judged(visits(gatewayTimeout), { api: proxyLists({}, server), host })).toMatchObject({
        code: 'GATEWAY_504',
      })
    }
  })

  test('all causes are told, the most telling first', () => {
    const host = (host: RawHost) => [offNetwork, scaleToNone].map((change) => change(host))
    const judgement = judged(
      visits(gatewayTimeout),
      { host, api: proxyLists({}, 'http://172.18.0.5:80') },
      {},
      withProxy,
    )
    const codes = judgement.reason?.match(/[A-Z]+_[A-Z0-9_]+(?=: )/g)
    expect(codes).toEqual(['PROXY_OFF_NETWORK', 'BACKEND_DOWN', 'WRONG_NETWORK', 'BACKEND_GONE', 'GATEWAY_504'])
    expect(judgement.actual).toContain('drone_app: 0 of 1 tasks running (rejected: No such image: drone:9)')
  })

  test('one of several addresses on another network is told alone', () => {
    const servers = [{ url: 'http://10.10.0.7:80' }, { url: 'http://172.18.0.5:80' }]
    const services = [{ name: 'drone@swarm', type: 'loadbalancer', status: 'enabled', loadBalancer: { servers } }]
    const judgement = judged(visits(gatewayTimeout), { api: proxyLists({ services }) })
    expect(judgement.reason).toContain('the proxy dials http://172.18.0.5:80, outside of proxy (10.10.0.0/16)')
  })

  test('an address is inside where it is in one of the subnets, and a network without any has no outside', () => {
    const subnets = (...Config: readonly object[]) => ({
      api: proxyLists(),
      host: (host: RawHost) => void Object.assign(networkIn(host, 'proxy').IPAM, { Config }),
    })
    const other = { Subnet: '10.99.0.0/16' }
    expect(judged(visits(gatewayTimeout), subnets(other, { Subnet: '10.10.0.0/16' }))).toMatchObject({
      code: 'GATEWAY_504',
    })
    expect(judged(visits(gatewayTimeout), subnets(other))).toMatchObject({ code: 'WRONG_NETWORK' })
    expect(judged(visits(gatewayTimeout), subnets())).toMatchObject({ code: 'GATEWAY_504' })
  })

  test('what is stale is waited for as long as the proxy takes to look again', () => {
    const stale = { api: proxyLists({}, 'http://10.10.0.99:80') }
    const told = judged(visits(badGateway), stale).remedy
    expect(told).toContain('every 15 s')
    expect(told).toContain('`docker service ps drone_app`')
    const wish = { proxy: { service: 'traefik_app', refreshSeconds: 3 } }
    const other = judged(visits(badGateway), stale, { service: undefined }, wish).remedy
    expect(other).toContain('every 3 s')
    expect(other).toMatch(/`docker service logs traefik_app` says why it hears nothing new\.$/)
  })

  test('the label that names the network is the one of the version', () => {
    const label = (version: string) =>
      judged(visits(gatewayTimeout), { api: proxyLists({ version }, 'http://172.18.0.5:80') }).remedy
    expect(label('3.6.1')).toContain('traefik.swarm.network=proxy')
    expect(label('2.11.0')).toContain('traefik.docker.network=proxy')
  })
})

describe('a page that is not found', () => {
  const router = (changes: object) => ({
    api: proxyLists({
      routers: [
        {
          name: 'drone@swarm',
          service: 'drone',
          status: 'enabled',
          tls: {},
          rule: 'Host(`drone.example.org`)',
          ...changes,
        },
      ],
    }),
  })
  const redirecting = {
    api: proxyLists({
      routers: [
        { name: 'web-to-websecure@internal', rule: 'HostRegexp(`^.+$`)', service: 'noop@internal', status: 'enabled' },
        { name: 'ci@swarm', rule: 'Host(`ci.example.org`)', service: 'ci', status: 'enabled', tls: {} },
      ],
    }),
  }
  const ownPage = answer({ status: 404, body: '<h1>Not here</h1>' })
  test.each<[what: string, code: string, exchange: Exchange, web: Web, said?: string]>([
    [
      'no router matches',
      'ROUTER_404',
      notFound,
      router({ rule: 'Host(`ci.example.org`)' }),
      'no router of the 1 that',
    ],
    ['no router at all', 'ROUTER_404', ownPage, { api: proxyLists({ routers: [] }) }],
    [
      'a router in error matches',
      'ROUTER_404',
      notFound,
      router({ status: 'disabled', error: ['no such entry point'] }),
      'is disabled: no such entry point',
    ],
    ['a router matches', 'BACKEND_404', notFound, router({}), 'router drone@swarm sends it to drone'],
    ['a router with a warning matches', 'BACKEND_404', notFound, router({ status: 'warning' })],
    [
      'it cannot be told, in its words',
      'STATUS_404',
      notFound,
      router({ rule: 'Header(`a`, `b`)' }),
      'drone@swarm (Header(`a`, `b`))',
    ],
    ['it cannot be told, in other words', 'BACKEND_404', ownPage, router({ rule: 'Header(`a`, `b`)' })],
    ['the router is for http alone', 'STATUS_404', notFound, router({ tls: undefined })],
    ['without the API, in its words', 'ROUTER_404', notFound, {}, 'is not configured'],
    ['without an answer of the API', 'ROUTER_404', notFound, { api: { state: 'silent', why: 'x' } }, 'did not answer'],
    ['without the API, in other words', 'BACKEND_404', ownPage, {}],
    ['without the API, as HTML', 'BACKEND_404', answer({ status: 404, body: '404 page not found' }), {}],
    ['without the API, and a body', 'STATUS_404', answer({ method: 'HEAD', status: 404, body: undefined }), {}],
    ['only http is redirected', 'ROUTER_404', notFound, redirecting],
  ])('%s: %s', (_, code, exchange, web, said = '') => {
    const judgement = judged(visits(exchange), web)
    expect(judgement.reason?.match(/[A-Z0-9]+_[A-Z0-9_]+(?=: )/g)).toEqual([code])
    expect(judgement).toMatchObject({ verdict: 'fail', code, remedy: expect.stringMatching(/\.$/) })
    expect(judgement.reason).toContain(said)
    expect(judgement.reason).not.toMatch(/(?:STATUS|BODY): /)
  })
})

test('where no router is, the log of the proxy is named', () => {
  expect(judged(visits(notFound)).remedy).toContain('the log of the proxy says')
  expect(judged(visits(notFound), {}, {}, withProxy).remedy).toContain('`docker service logs traefik_app` says')
})

describe('redirects', () => {
  const to = (location: string) => answer({ status: 302, headers: { location }, body: '' })
  const far = {
    lap: 1,
    hops: [to('https://drone.example.org/a'), { ...to('/b'), url: 'https://drone.example.org/a' }],
    stopped: 'too many',
  } as const
  const loop = { lap: 1, hops: [to('https://drone.example.org/a'), to(drone.url)], stopped: 'loop' } as const
  test.each<[what: string, code: string, visit: Visit, route: object, said: string]>([
    [
      'in a circle',
      'REDIRECT_LOOP',
      loop,
      { follow: 5 },
      'https://drone.example.org/ → https://drone.example.org/ → https://drone.example.org/',
    ],
    [
      'in a circle, with a status that is expected',
      'REDIRECT_LOOP',
      loop,
      { follow: 5, status: 302, body: undefined },
      'circle',
    ],
    ['too many', 'REDIRECT_TOO_MANY', far, { follow: 1 }, '2 redirects, and at most 1'],
    [
      'elsewhere',
      'REDIRECT_ELSEWHERE',
      { lap: 1, hops: [to('https://login.example.net/?x')] },
      {},
      'it leads to https://login.example.net/?x',
    ],
    [
      'to itself, not followed',
      'REDIRECT_LOOP',
      { lap: 1, hops: [to('/#top')] },
      {},
      'https://drone.example.org/ → /#top',
    ],
    ['to what is no address', 'REDIRECT_ELSEWHERE', { lap: 1, hops: [to('http://[')] }, {}, 'it leads to http://['],
    ['to nowhere', 'STATUS', { lap: 1, hops: [answer({ status: 302 })] }, {}, '302 instead of 200'],
    [
      'that are none',
      'STATUS',
      { lap: 1, hops: [answer({ status: 201, headers: { location: '/x' } })] },
      {},
      '201 instead of 200',
    ],
  ])('%s: %s', (_, code, visit, route, said) => {
    const judgement = judged([visit], {}, route)
    expect(judgement).toMatchObject({ verdict: 'fail', code, remedy: expect.stringMatching(/\.$/) })
    expect(judgement.reason).toContain(said)
  })

  test('what fails behind a redirect is told with its address', () => {
    const hops = [
      to('https://drone.example.org/a'),
      { ...broken('TCP_REFUSED', 'connect'), url: 'https://drone.example.org/a' },
    ]
    expect(judged([{ lap: 1, hops }], {}, { follow: 3 }).actual).toContain(
      'at https://drone.example.org/a, after 1 redirect',
    )
  })

  test('a long chain is cut in the middle', () => {
    const hops = Array.from({ length: 9 }, (_, index) => ({ ...to('/'), url: `https://drone.example.org/${index}` }))
    const judgement = judged([{ lap: 1, hops, stopped: 'too many' }], {}, { follow: 8 })
    expect(judgement.reason).toContain('/2 → … → https://drone.example.org/8 → /')
  })
})

describe('an answer that is not the one expected', () => {
  const other = {
    name: 'reports',
    url: 'https://reports.example.org/',
    service: 'ccci-reports_app',
    body: 'Reports of',
  }
  const beside = { routes: [drone, other] }
  const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } }
  test.each<[what: string, code: string, verdict: string, exchange: Exchange, route: object, said: string]>([
    ['another status', 'STATUS', 'fail', answer({ status: 500 }), {}, '500 instead of 200'],
    [
      'a status of several',
      'STATUS',
      'fail',
      answer({ status: 204 }),
      { status: [200, 303] },
      '204 instead of 200 or 303',
    ],
    [
      'a header that is another',
      'HEADER',
      'fail',
      answer(),
      { headers: { 'Content-Type': 'text/html' } },
      'is "text/html; charset=utf-8", not "text/html"',
    ],
    [
      'a header that is not there',
      'HEADER',
      'fail',
      answer(),
      { headers: { 'X-A': { matches: '.' } } },
      'X-A is not there, not /./',
    ],
    [
      'a mark that is missing',
      'BODY',
      'fail',
      answer({ body: 'Welcome' }),
      {},
      'no "<title>Drone" in the body, which begins "Welcome"',
    ],
    ['one of two marks missing', 'BODY', 'fail', answer(), { body: ['Drone', { matches: 'x{9}' }] }, 'no /x{9}/'],
    ['an empty body', 'BODY', 'fail', answer({ body: ' ' }), {}, 'begins with nothing'],
    [
      'a mark beyond what was read',
      'BODY_TOO_LARGE',
      'unknown',
      answer({ body: 'W', truncated: true }),
      {},
      '1 characters',
    ],
    [
      'a pattern beyond what was read',
      'BODY_TOO_LARGE',
      'unknown',
      answer({ truncated: true }),
      { body: { matches: 'nowhere' } },
      '/nowhere/',
    ],
    [
      'a pattern that looks to the end of what was cut',
      'BODY_TOO_LARGE',
      'unknown',
      answer({ truncated: true }),
      { body: { matches: '^(?!.*refused)' } },
      'all that /^(?!.*refused)/ looks at',
    ],
    [
      'JSON beyond what was read',
      'BODY_TOO_LARGE',
      'unknown',
      answer({ body: '{"n":1', truncated: true }),
      { body: undefined, json: schema },
      'the end of the JSON',
    ],
    [
      'a mark for HEAD',
      'BODY_NOT_ASKED',
      'unknown',
      answer({ method: 'HEAD', body: undefined }),
      { method: 'HEAD' },
      'HEAD',
    ],
    [
      'JSON for HEAD',
      'BODY_NOT_ASKED',
      'unknown',
      answer({ method: 'HEAD', body: undefined }),
      { method: 'HEAD', body: undefined, json: schema },
      'HEAD',
    ],
    [
      'a page instead of JSON',
      'JSON',
      'fail',
      answer(),
      { body: undefined, json: schema },
      'not JSON; the body begins "<!doctype',
    ],
    [
      'JSON of another shape',
      'JSON',
      'fail',
      answer({ body: '{"n":"1"}' }),
      { body: undefined, json: schema },
      'at n: Invalid input',
    ],
    [
      'a schema that is none',
      'JSON_SCHEMA_UNUSABLE',
      'unknown',
      answer({ body: '{}' }),
      { body: undefined, json: { type: 'thing' } },
      'thing',
    ],
    [
      'a status, although the body is too long',
      'STATUS',
      'fail',
      answer({ status: 500, body: 'W', truncated: true }),
      {},
      '500 instead of 200',
    ],
  ])('%s: %s', (_, code, verdict, exchange, route, said) => {
    const judgement = judged(visits(exchange), {}, route)
    expect(judgement).toMatchObject({ verdict, code, remedy: expect.stringMatching(/\.$/) })
    expect(judgement.reason).toContain(said)
  })

  test.each([
    [401, 'credentials'],
    [403, 'credentials'],
    [429, 'rate limit'],
    [500, 'its log'],
    [418, 'correct `status`'],
  ])('what to do about %d', (status, remedy) => {
    expect(judged(visits(answer({ status }))).remedy).toContain(remedy)
  })

  test.each<[what: string, code: string, exchange: Exchange, wish: Wish]>([
    ['that of another route', 'WRONG_SERVICE', answer({ body: 'Reports of today' }), beside],
    [
      'that of another route with another status',
      'WRONG_SERVICE',
      answer({ status: 202, body: 'Reports of' }),
      { routes: [drone, { ...other, status: 202 }] },
    ],
    [
      'only the status of another route',
      'BODY',
      answer({ body: 'x' }),
      { routes: [drone, { ...other, body: undefined }] },
    ],
    [
      'that of another page of the same service',
      'BODY',
      answer({ body: 'Reports of' }),
      { routes: [drone, { ...other, service: 'drone_app' }] },
    ],
    [
      'that of another page of the same host',
      'BODY',
      answer({ body: 'Reports of' }),
      { routes: [drone, { ...other, service: undefined, url: 'https://drone.example.org/r' }] },
    ],
  ])('%s: %s', (_, code, exchange, wish) => {
    const [judgement] = judgeWeb(
      routesLeadToTheirService,
      { routes: [{ name: 'drone', visits: visits(exchange) }] },
      wish,
    )
    expect(judgement).toMatchObject({ verdict: 'fail', code })
    if (code === 'WRONG_SERVICE') expect(judgement?.reason).toContain('the answer is the one expected of reports; ')
    if (code === 'WRONG_SERVICE') expect(judgement?.remedy).toMatch(/to drone_app alone\.$/)
  })

  test('the proxy tells whom it sends the request on to', () => {
    const server = 'http://10.10.0.98:80'
    const host = (host: RawHost) => {
      const [attachment] = taskIn(host, 'ccci-reports_app').NetworksAttachments
      Object.assign(the(attachment), { Addresses: ['10.10.0.98/16'] })
    }
    const wrong = judged(visits(answer({ body: 'x' })), { api: proxyLists({}, server), host })
    expect(wrong).toMatchObject({
      code: 'WRONG_SERVICE',
      reason: expect.stringContaining(`${server}, a task of ccci-reports_app`),
    })
    expect(judged(visits(answer({ body: 'x' })), { api: proxyLists() })).toMatchObject({ code: 'BODY' })
  })

  test('an answer that could be anybody’s is not taken for its own where the proxy sends the request to another', () => {
    const server = 'http://10.10.0.98:80'
    const host = (host: RawHost) => {
      Object.assign(the(taskIn(host, 'ccci-reports_app').NetworksAttachments[0]), { Addresses: ['10.10.0.98/16'] })
    }
    const wrong = { api: proxyLists({}, server), host }
    const statusOnly = { body: undefined }
    expect(judged(visits(answer()), wrong, statusOnly)).toMatchObject({
      verdict: 'unknown',
      code: 'WRONG_SERVICE',
      reason: expect.stringContaining(`${server}, a task of ccci-reports_app`),
    })
    expect(judged(visits(answer()), wrong)).toMatchObject({ verdict: 'pass' })
    expect(judged(visits(answer()), { api: proxyLists() }, statusOnly)).toMatchObject({ verdict: 'pass' })
    expect(judged(visits(answer()), wrong, { ...statusOnly, service: undefined })).toMatchObject({ verdict: 'pass' })
  })

  test('whose address it is says only a task that runs, on any of its addresses', () => {
    const server = 'http://10.10.0.98:80'
    const held = (state: string) => ({
      api: proxyLists({}, server),
      host: (host: RawHost) => {
        const task = taskIn(host, 'ccci-reports_app')
        Object.assign(the(task.NetworksAttachments[0]), { Addresses: ['10.10.0.97/16', '10.10.0.98/16'] })
        Object.assign(task.Status, { State: state })
      },
    })
    const other = visits(answer({ body: 'x' }))
    expect(judged(other, held('running'))).toMatchObject({ code: 'WRONG_SERVICE' })
    expect(judged(other, held('failed'))).toMatchObject({ code: 'BODY' })
    expect(judged(other, held('running'), { service: undefined })).toMatchObject({ code: 'BODY' })
    expect(judged(other, held('running'), { service: 'nonesuch' })).toMatchObject({ code: 'BODY' })
  })

  test('of several matching routers the one of the highest priority dials, by default the one with the longest rule', () => {
    const short = { name: 'all@file', rule: 'PathPrefix(`/`)', service: 'all', status: 'enabled', tls: {} }
    const long = {
      name: 'drone@swarm',
      rule: 'Host(`drone.example.org`)',
      service: 'drone@swarm',
      status: 'enabled',
      tls: {},
    }
    const api = proxyLists({ routers: [short, long] }, 'http://172.18.0.5:80')
    expect(judged(visits(gatewayTimeout), { api })).toMatchObject({ code: 'WRONG_NETWORK' })
    const first = { ...short, priority: 1000 }
    const other = proxyLists({ routers: [first, long] }, 'http://172.18.0.5:80')
    expect(judged(visits(gatewayTimeout), { api: other })).toMatchObject({ code: 'GATEWAY_504' })
  })

  test('text of the host is bounded and harmless', () => {
    const judgement = judged(visits(answer({ body: `\u001B[31m${'x'.repeat(100_000)}` })))
    expect(judgement.reason?.length).toBeLessThan(400)
    expect(judgement.reason).toContain('‹U+001B›')
  })
})

describe('a route that flaps', () => {
  test('fails, and says which visit and when', () => {
    const judgement = judged(visits(answer(), badGateway, answer()))
    expect(judgement).toMatchObject({ verdict: 'fail', code: 'FLAPS' })
    expect(judgement.reason).toContain(`visit 2 at ${at(10)} of 3 failed, the others were as expected; GATEWAY_502: `)
    expect(judgement.actual).toMatch(/^502 from /)
  })

  test('does not flap where no visit was fine', () => {
    const judgement = judged(visits(badGateway, broken('DNS_TIMEOUT', 'dns'), broken('TCP_REFUSED', 'connect')))
    expect(judgement).toMatchObject({ verdict: 'fail', code: 'TCP_REFUSED' })
  })

  test('a failure is told before a doubt', () => {
    const judgement = judged(
      visits(broken('TCP_REFUSED', 'connect'), broken('DNS_TIMEOUT', 'dns'), broken('DNS_TIMEOUT', 'dns')),
    )
    expect(judgement).toMatchObject({ verdict: 'fail', code: 'TCP_REFUSED' })
  })
})
