import { expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { Exchange, ExchangeError } from '../../model/http.ts'
import { judge, only, type Wish } from '../test-host/green.ts'
import { proxyIsAlive } from './proxy-is-alive.ts'

const url = 'http://traefik.test/ping'
const alive: Exchange = {
  method: 'GET',
  url,
  startedAt: '2026-11-20T14:00:00.000Z',
  durationMs: 4,
  timings: {},
  status: 200,
  headers: {},
  body: 'OK',
}

function judgePing(changes: Partial<Exchange>, wish: Wish = { proxy: { ping: url } }): Judgement {
  return only(judge(proxyIsAlive, (host) => void Object.assign(host, { 'proxy-ping': { ...alive, ...changes } }), wish))
}

function judgeError(
  phase: ExchangeError['phase'],
  code: ExchangeError['code'],
  message = 'in so many words',
): Judgement {
  const { status: _, headers: __, body: ___, ...unanswered } = alive
  const ping = { ...unanswered, error: { phase, code, message } }
  const change = (host: object) => void Object.assign(host, { 'proxy-ping': ping })
  return only(judge(proxyIsAlive, change, { proxy: { ping: url } }))
}

test('200 and OK is alive, and no more', () => {
  const judgement = judgePing({})
  expect(judgement).toMatchObject({
    subject: url,
    verdict: 'pass',
    actual: '200, `OK`: alive; says nothing of its routes',
  })
  expect(judgement.reason).toContain('nothing of its routes')
  expect(judgePing({ body: 'OK\n' }).verdict).toBe('pass')
})

test.each<[string, Partial<Exchange>, string]>([
  ['PROXY_TERMINATING', { status: 503, body: 'Service Unavailable' }, '503, `Service Unavailable`'],
  ['PING_STATUS', { status: 503, body: 'no available server\n' }, '503, `no available server`'],
  ['PING_STATUS', { status: 500, body: 'OK' }, '500, `OK`'],
  ['PING_STATUS', { status: 502, body: 'Bad Gateway' }, '502, `Bad Gateway`'],
  ['PING_STATUS', { status: 301, body: '', headers: { location: 'https://x/' } }, '301, leads to https://x/'],
  ['PING_NOT_SERVED', { status: 404, body: '404 page not found\n' }, '404, `404 page not found`'],
  ['PING_FOREIGN', { body: '<!doctype html><title>Drone</title>' }, '200, `<!doctype html><title>Drone</title>`'],
  ['PING_FOREIGN', { body: '' }, '200, nothing said'],
  ['PING_FOREIGN', { body: undefined }, '200, nothing said'],
])('%s: %j', (code, changes, actual) => {
  expect(judgePing(changes)).toMatchObject({
    verdict: 'fail',
    code,
    actual,
    reason: expect.stringMatching(/\w/),
    remedy: expect.stringMatching(/\w/),
  })
})

test.each<[ExchangeError['phase'], ExchangeError['code'], string]>([
  ['dns', 'DNS_NOT_FOUND', 'DNS'],
  ['connect', 'TCP_REFUSED', 'TCP'],
  ['connect', 'TCP_TIMEOUT', 'TCP'],
  ['connect', 'SOCKS_TARGET_REFUSED', 'TCP'],
  ['tls', 'TLS_EXPIRED', 'TLS'],
  ['tls', 'TLS_NAME_MISMATCH', 'TLS'],
  ['answer', 'HTTP_TIMEOUT', 'HTTP'],
  ['body', 'BODY_CLOSED', 'HTTP'],
])('%s, %s: fails, by its layer', (phase, code, layer) => {
  expect(judgeError(phase, code)).toMatchObject({ verdict: 'fail', code, actual: `${layer}: in so many words` })
})

test.each<[ExchangeError['phase'], ExchangeError['code']]>([
  ['proxy', 'SOCKS_UNREACHABLE'],
  ['proxy', 'SOCKS_AUTH'],
  ['dns', 'DNS_TIMEOUT'],
  ['dns', 'DNS_FAILED'],
  ['connect', 'TCP_FAILED'],
  ['answer', 'REQUEST_REFUSED'],
])('%s, %s: is our own trouble', (phase, code) => {
  expect(judgeError(phase, code)).toMatchObject({
    verdict: 'unknown',
    code,
    remedy: expect.stringContaining('Mend the way'),
  })
})

test.each([
  ['ENETUNREACH', 'unknown'],
  ['EHOSTUNREACH', 'fail'],
  ['EHOSTDOWN', 'fail'],
])('an address out of reach, with %s: %s', (errno, verdict) => {
  expect(judgeError('connect', 'TCP_UNREACHABLE', `192.0.2.1:80 ${errno}`).verdict).toBe(verdict)
})

test('without a ping there is nothing to judge', () => {
  expect(judgePing({}, { proxy: { api: 'https://traefik.test/api' } }).verdict).toBe('n/a')
  expect(judgePing({}, { proxy: undefined }).verdict).toBe('n/a')
})
