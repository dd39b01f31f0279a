import { expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { Exchange } from '../../model/http.ts'
import { only } from '../test-host/green.ts'
import { answer, broken, drone, judgeWeb, proxySays, visits } from './testing/web.ts'
import { unknownNamesGetNothing } from './unknown-names-get-nothing.ts'

const url = 'https://pvcheck-0a0b0c.example.org/'

function judged(control: Exchange, route: object = {}, seen: readonly Exchange[] = [answer()]): Judgement {
  const routes = [{ name: drone.name, visits: visits(...seen) }]
  const controls = [{ ...control, url: control.url === drone.url ? url : control.url }]
  return only(judgeWeb(unknownNamesGetNothing, { routes, controls }, { routes: [{ ...drone, ...route }] }))
}

const notFound = proxySays(404, '404 page not found\n')
const toHttps = (location: string, from = 'http://pvcheck-0a0b0c.example.org/') =>
  answer({ url: from, status: 308, headers: { location }, body: '' })

test.each<[what: string, control: Exchange, route?: object]>([
  ['a 404', notFound],
  ['a 404, where a route expects one', notFound, { status: 404, body: undefined }],
  ['a handshake that is refused', broken('TLS_REFUSED', 'tls')],
  ['a page that is no route of ours', answer({ body: 'Welcome to nginx' })],
  ['no page at all', answer({ body: '' })],
  [
    'http to https under its own name',
    toHttps('https://pvcheck-0a0b0c.example.org/'),
    { status: 308, body: undefined },
  ],
  ['another status, however long its page', answer({ status: 403, body: 'W', truncated: true })],
  ['a redirect to another place', toHttps('https://example.org/')],
])('%s: pass', (_, control, route) => {
  expect(judged(control, route)).toMatchObject({ verdict: 'pass' })
})

test.each<[what: string, control: Exchange, route: object, said: string]>([
  ['all that a route expects', answer({ body: '<title>Drone of the day' }), {}, 'all that is expected of drone'],
  [
    'the status, where no more is expected',
    answer({ body: 'x' }),
    { body: undefined },
    'all that is expected of drone',
  ],
  ['the page of a route', answer(), { body: 'another mark' }, 'the same page as that of drone'],
  ['the page of a route with a 404', answer({ status: 404 }), {}, 'the same page as that of drone'],
  [
    'a 404 with the mark of a route',
    answer({ status: 404, body: '<title>Drone, not found' }),
    { status: 404 },
    'all that is expected of drone',
  ],
  [
    'a redirect that a route expects',
    toHttps('https://other.example.org/'),
    { status: 308, body: undefined },
    'all that is expected',
  ],
  [
    'a redirect that stays',
    toHttps(url, 'https://pvcheck-0a0b0c.example.org/x'),
    { status: 308, body: undefined },
    'all that is expected',
  ],
])('%s: fail', (_, control, route, said) => {
  const judgement = judged(control, route)
  expect(judgement).toMatchObject({ verdict: 'fail', code: 'CATCH_ALL', actual: expect.stringContaining(said) })
  expect(judgement.remedy).toContain('HostRegexp')
})

test.each<[what: string, code: string, control: Exchange]>([
  ['a mark beyond what was read', 'BODY_TOO_LARGE', answer({ body: 'W', truncated: true })],
  ['a port that is closed', 'TCP_REFUSED', broken('TCP_REFUSED', 'connect')],
  ['a name that DNS does not know', 'DNS_NOT_FOUND', broken('DNS_NOT_FOUND', 'dns')],
  ['a SOCKS proxy that does not get there', 'SOCKS_TARGET_UNREACHABLE', broken('SOCKS_TARGET_UNREACHABLE', 'connect')],
  ['a SOCKS proxy that fails, although it gets to the routes', 'SOCKS_FAILED', broken('SOCKS_FAILED', 'proxy')],
  ['a handshake that went wrong', 'TLS_FAILED', broken('TLS_FAILED', 'tls')],
  ['a gateway that finds nobody', 'CONTROL_PASSED_ON', proxySays(502, 'Bad Gateway')],
  ['no answer, and no error', 'NO_ANSWER', { ...broken('TCP_REFUSED', 'connect'), error: undefined }],
])('%s: unknown', (_, code, control) => {
  expect(judged(control)).toMatchObject({ verdict: 'unknown', code, remedy: expect.stringMatching(/\.$/) })
})

test.each([
  ['/welcome', '/welcome', 'fail'],
  ['https://drone.example.org/welcome', 'https://pvcheck-0a0b0c.example.org/welcome', 'fail'],
  ['https://login.example.org/?for=x', 'https://login.example.org/?for=y', 'fail'],
  ['/welcome', 'https://other.example.org/welcome', 'pass'],
  ['/welcome', '/signin', 'pass'],
])(
  'a route that begins with a redirect to %s, and a name that nobody knows with one to %s: %s',
  (own, its, verdict) => {
    const hop = answer({ status: 303, headers: { location: own }, body: '' })
    const control = answer({ status: 303, headers: { location: its }, body: '' })
    const routes = [{ name: drone.name, visits: [{ lap: 1, hops: [hop, answer()] }] }]
    const controls = [{ ...control, url }]
    expect(judgeWeb(unknownNamesGetNothing, { routes, controls }, { routes: [{ ...drone, follow: 1 }] })).toMatchObject(
      [{ verdict }],
    )
  },
)

test('the page of a route counts only where the route answered with it', () => {
  const failed = answer({ status: 500, body: 'Oops' })
  expect(judged(answer({ body: 'Oops' }), {}, [failed])).toMatchObject({ verdict: 'pass' })
})

test('the page of a route counts where one of its visits was answered with it', () => {
  const seen = [broken('TCP_TIMEOUT', 'connect'), answer(), answer({ body: 'x' })]
  expect(judged(answer(), { body: 'another mark' }, seen)).toMatchObject({ verdict: 'fail' })
})

test('a handshake that is refused to everybody says nothing of a name', () => {
  const refused = broken('TLS_REFUSED', 'tls')
  expect(judged(refused, {}, [refused])).toMatchObject({ verdict: 'unknown', code: 'TLS_REFUSED' })
})

test('where no page came there is none to compare', () => {
  const seen = [answer({ body: '' })]
  expect(judged(answer({ body: undefined }), {}, seen)).toMatchObject({ code: 'BODY_NOT_ASKED' })
  expect(judged(answer({ body: '' }), {}, seen)).toMatchObject({ verdict: 'pass' })
})

test('a name that was made up is told by what it stands for', () => {
  const controls = [notFound, toHttps('https://x/', 'http://pvcheck-1.ci.example.org:8080/')]
  const judgements = judgeWeb(unknownNamesGetNothing, {
    controls: controls.map((control) => ({ ...control, url: control.url === drone.url ? url : control.url })),
  })
  expect(judgements.map(({ subject }) => subject)).toEqual(['https://*.example.org/', 'http://*.ci.example.org:8080/'])
})

test('where no name could be made up, nothing is known', () => {
  expect(judgeWeb(unknownNamesGetNothing, {})).toMatchObject([{ verdict: 'unknown', code: 'CONTROL_NOT_ASKED' }])
})

test('without routes it does not apply', () => {
  expect(judgeWeb(unknownNamesGetNothing, {}, { routes: [] })).toMatchObject([{ verdict: 'n/a' }])
})
