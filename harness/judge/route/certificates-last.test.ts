import { expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { Visit } from '../../model/facts/routing/routes.ts'
import type { Certificate, Exchange } from '../../model/http.ts'
import { only, type Wish } from '../test-host/green.ts'
import { certificatesLast } from './certificates-last.ts'
import { answer, at, broken, certificate, drone, issuer, judgeWeb, visits } from './testing/web.ts'

const day = 86_400

function judged(seen: readonly Visit[], wish: Wish = {}): Judgement {
  return only(judgeWeb(certificatesLast, { routes: [{ name: drone.name, visits: seen }] }, wish))
}

function sent(...chain: readonly Certificate[]): Exchange {
  return answer({ tls: { protocol: 'TLSv1.3', authorized: true, chain: [...chain] } })
}

test('a sound certificate passes with who issued it and what is left', () => {
  expect(judged(visits())).toEqual({
    subject: 'drone.example.org',
    expected: 'trusted, for drone.example.org, with at least 14 days left',
    actual: 'CN=drone.example.org by CN=Small Authority, 79 d 23 h left; a chain of 2',
    verdict: 'pass',
  })
})

test('an expired issuer that a trusted chain does not rest on is no fault', () => {
  const old = { ...issuer, fingerprint256: 'AA:03', validTo: at(-3600) }
  expect(judged(visits(sent(certificate(), issuer, old)))).toMatchObject({
    verdict: 'pass',
    actual: expect.stringMatching(/79 d 23 h left; a chain of 3$/),
  })
})

test('an issuer that ends before its certificate is told', () => {
  const short = { ...issuer, validTo: at(20 * day) }
  expect(judged(visits(sent(certificate(), short))).actual).toContain(
    '79 d 23 h left, its issuer CN=Small Authority 19 d 23 h left; a chain of 2',
  )
})

test.each<[what: string, verdict: string, exchange: Exchange, minDaysLeft?: number]>([
  ['as long as wanted, to the second', 'pass', sent(certificate({ validTo: at(14 * day + 20) }))],
  ['a second less', 'fail', sent(certificate({ validTo: at(14 * day + 19) }))],
  ['an issuer that does not last', 'fail', sent(certificate(), { ...issuer, validTo: at(13 * day) })],
  ['part of a day', 'pass', sent(certificate({ validTo: at(0.5 * day + 20) })), 0.5],
  ['less than that part', 'fail', sent(certificate({ validTo: at(0.4 * day) })), 0.5],
  ['more is wanted', 'fail', sent(certificate()), 90],
])('%s: %s', (_, verdict, exchange, minDaysLeft = 14) => {
  const judgement = judged(visits(exchange), { certificates: { minDaysLeft } })
  expect(judgement).toMatchObject({ verdict, ...(verdict === 'fail' ? { code: 'CERTIFICATE_ENDS_SOON' } : {}) })
})

test('what ends soon is named, in hours where it is short', () => {
  const own = judged(visits(sent(certificate({ validTo: at(5 * 3600 + 60) }), issuer)))
  expect(own.reason).toBe('CERTIFICATE_ENDS_SOON: CN=drone.example.org 5 h 1 min left; at least 14 days are wanted')
  expect(own.remedy).toContain('Renew it')
  const above = judged(visits(sent(certificate(), { ...issuer, validTo: at(3600 + 60) })))
  expect(above.reason).toContain('CN=Small Authority 1 h 1 min left')
  expect(above.remedy).toContain('issued again')
})

test.each(['TLS_EXPIRED', 'TLS_NOT_YET_VALID', 'TLS_UNTRUSTED', 'TLS_SELF_SIGNED', 'TLS_NAME_MISMATCH'] as const)(
  '%s fails, by name',
  (code) => {
    const tls = { protocol: 'TLSv1.3', authorized: false, chain: [certificate({ subject: 'CN=stranger' })] }
    const judgement = judged(visits(answer(), { ...broken(code, 'tls', 'why it is not trusted'), tls }, answer()))
    expect(judgement).toMatchObject({ verdict: 'fail', code, remedy: expect.stringMatching(/\.$/) })
    expect(judgement.reason).toBe(`${code}: why it is not trusted`)
    expect(judgement.actual).toContain('CN=stranger by CN=Small Authority')
    expect(judged(visits(broken(code, 'tls')))).toMatchObject({ verdict: 'fail', actual: 'no certificate was seen' })
  },
)

test('one that is bad is told before one that was not seen', () => {
  const seen = visits(broken('TCP_TIMEOUT', 'connect'), broken('TLS_EXPIRED', 'tls'), answer())
  expect(judged(seen)).toMatchObject({ verdict: 'fail', code: 'TLS_EXPIRED' })
})

test('one that nobody vouches for fails without an error, too', () => {
  const tls = { protocol: 'TLSv1.3', authorized: false, chain: [certificate(), issuer] }
  expect(judged(visits(answer({ tls })))).toMatchObject({ verdict: 'fail', code: 'TLS_UNTRUSTED' })
})

test.each<[what: string, seen: readonly Visit[]]>([
  ['never visited', []],
  ['never as far as TLS', visits(broken('TCP_REFUSED', 'connect'))],
  ['not in one visit', visits(answer(), broken('TCP_TIMEOUT', 'connect'), answer())],
  ['refused in the handshake', visits(broken('TLS_REFUSED', 'tls'))],
  ['without a chain', visits(sent())],
])('%s: unknown', (_, seen) => {
  expect(judged(seen)).toMatchObject({
    verdict: 'unknown',
    code: 'CERTIFICATE_NOT_SEEN',
    remedy: expect.stringContaining('PV-ROUTE-001'),
  })
})

test.each([
  [['DNS:drone.example.org', 'DNS:ci.example.org'], 'DNS:drone.example.org, DNS:ci.example.org by '],
  [[], 'a certificate without a name by '],
])('one without a subject is called by its names', (altNames, said) => {
  expect(judged(visits(sent(certificate({ subject: '', altNames })))).actual).toContain(said)
})

test('what stood in the way is told', () => {
  expect(judged(visits(broken('TCP_TIMEOUT', 'connect', 'within 5 s'))).actual).toBe('TCP_TIMEOUT: within 5 s')
})

test('a certificate that was seen once is seen: visits end with the first one that takes too long', () => {
  expect(judged(visits().slice(0, 1))).toMatchObject({ verdict: 'pass' })
})

test('an answer that broke off later has shown its certificate', () => {
  const { error } = broken('HTTP_TIMEOUT', 'answer')
  expect(judged(visits({ ...answer(), ...(error === undefined ? {} : { error }) }))).toMatchObject({ verdict: 'pass' })
})

test('two certificates behind one name are not known to be all', () => {
  const other = sent(certificate({ fingerprint256: 'BB', serial: '0B' }), issuer)
  const judgement = judged(visits(answer(), other, answer()))
  expect(judgement).toMatchObject({ verdict: 'unknown', code: 'CERTIFICATE_CHANGES' })
  expect(judgement.actual).toContain('serial 0A')
  expect(judgement.actual).toContain('serial 0B')
})

test('a date that is none is unknown', () => {
  expect(judged(visits(sent(certificate({ validTo: 'some day' }))))).toMatchObject({
    code: 'CERTIFICATE_UNREADABLE',
    verdict: 'unknown',
  })
})

test('each host is judged once, by all of its routes', () => {
  const health = { name: 'health', url: 'https://drone.example.org/healthz' }
  const reports = { name: 'reports', url: 'https://reports.example.org/' }
  const routes = [
    { name: 'drone', visits: visits() },
    {
      name: 'health',
      visits: visits(
        answer({
          url: health.url,
          tls: { protocol: '', authorized: true, chain: [certificate({ validTo: at(day) })] },
        }),
      ),
    },
    { name: 'reports', visits: visits(answer({ url: reports.url })) },
  ]
  expect(judgeWeb(certificatesLast, { routes }, { routes: [drone, health, reports] })).toMatchObject([
    { subject: 'drone.example.org', verdict: 'fail' },
    { subject: 'reports.example.org', verdict: 'pass' },
  ])
})

const plainRoute = { name: 'drone', url: 'http://drone.example.org/', follow: 2 }
const redirect = answer({ url: plainRoute.url, status: 301, tls: undefined })

test.each<[what: string, hops: readonly Exchange[], judgements: readonly object[]]>([
  ['http that leads to https', [redirect, answer()], [{ subject: 'drone.example.org', verdict: 'pass' }]],
  ['http that leads to somebody else', [redirect, answer({ url: 'https://login.example.net/' })], [{ verdict: 'n/a' }]],
  ['http that stays http', [redirect], [{ verdict: 'n/a', reason: 'no route was led from http to https' }]],
])('%s', (_, hops, judgements) => {
  const seen = [1, 2, 3].map((lap) => ({ lap, hops }))
  expect(
    judgeWeb(certificatesLast, { routes: [{ name: 'drone', visits: seen }] }, { routes: [plainRoute] }),
  ).toMatchObject(judgements)
})

test('a host that is led to https is judged beside one that begins there', () => {
  const reports = { name: 'reports', url: 'https://reports.example.org/' }
  const routes = [
    { name: 'drone', visits: [{ lap: 1, hops: [redirect, answer()] }] },
    { name: 'reports', visits: visits(answer({ url: reports.url })) },
  ]
  const told = judgeWeb(certificatesLast, { routes }, { routes: [{ ...plainRoute, follow: 0 }, reports] })
  expect(told.map(({ subject }) => subject).sort()).toEqual(['drone.example.org', 'reports.example.org'])
})

test('with http alone, or no routes, it does not apply', () => {
  for (const routes of [[], [{ ...plainRoute, follow: 0 }]]) {
    expect(judgeWeb(certificatesLast, {}, { routes })).toMatchObject([{ verdict: 'n/a', expected: '' }])
  }
})

test('an address of the name that did not answer is told: another certificate may lie there', () => {
  const addresses = ['2001:db8::2', '198.51.100.2', '198.51.100.3']
  const at = (peer: string) => answer({ resolved: { by: 'dns', addresses }, peer })
  const judgement = judged(visits(at('[2001:db8::2]:443'), at('198.51.100.2:443'), at('198.51.100.2:443')))
  expect(judgement).toMatchObject({ verdict: 'pass', actual: expect.stringMatching(/; not seen at 198\.51\.100\.3,/) })
  expect(judged(visits(answer())).actual).not.toContain('not seen')
})
