import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import { proxyOverviewSchema, proxyRouterSchema, proxyServiceSchema } from '../../model/facts/routing/proxy-api.ts'
import { traefik2 } from '../../model/facts/routing/testing/traefik-2.ts'
import { traefik3 } from '../../model/facts/routing/testing/traefik-3.ts'
import { judge, verdictsOf, type Wish } from '../test-host/green.ts'
import { nothingIsInError } from './nothing-is-in-error.ts'

const tally = (total: number, warnings = 0, errors = 0) => ({ total, warnings, errors })
const router = { name: 'drone@swarm', rule: 'Host(`drone.test`)', service: 'drone', status: 'enabled' }
const service = { name: 'drone@swarm', type: 'loadbalancer', status: 'enabled' }
const sound = {
  state: 'answered',
  at: '2026-11-20T14:00:00.000Z',
  version: '3.6.1',
  overview: { http: { routers: tally(1), services: tally(1), middlewares: tally(2) } },
  routers: [router],
  services: [service],
}

function judgeErrors(
  changes: object = {},
  wish: Wish = { proxy: { api: 'https://traefik.test/api' } },
): readonly Judgement[] {
  return judge(nothingIsInError, (host) => void Object.assign(host, { 'proxy-api': { ...sound, ...changes } }), wish)
}

function recorded(answers: Readonly<Record<string, string>>): object {
  const read = (path: string): unknown => JSON.parse(answers[path] ?? '')
  return {
    overview: proxyOverviewSchema.parse(read('/api/overview')),
    routers: proxyRouterSchema.array().parse(read('/api/http/routers')),
    services: proxyServiceSchema.array().parse(read('/api/http/services')),
  }
}

describe('a proxy without an error', () => {
  test('passes, with its totals', () => {
    expect(judgeErrors()).toEqual([
      {
        subject: 'proxy',
        expected: 'enabled, without an error',
        actual: '1 router, 1 service, 2 middlewares, none in error (version 3.6.1)',
        verdict: 'pass',
      },
    ])
  })

  test('passes with a warning, which is told', () => {
    const error = ['entryPoint "nowhere" doesn\'t exist']
    const [judgement, ...others] = judgeErrors({ routers: [{ ...router, status: 'warning', error }] })
    expect(others).toEqual([])
    expect(judgement).toMatchObject({ verdict: 'pass' })
    expect(judgement?.actual).toContain('; 1 warning: drone@swarm: entryPoint "nowhere" doesn\'t exist')
  })

  test('passes where a list is longer than the overview had counted', () => {
    expect(judgeErrors({ routers: [router, { ...router, name: 'new@swarm' }] })).toMatchObject([{ verdict: 'pass' }])
  })
})

describe('what is in error fails, each by its name', () => {
  test.each([
    [
      'ROUTER_IN_ERROR',
      'router drone@swarm',
      { routers: [{ ...router, status: 'disabled', error: ['no such middleware'] }] },
    ],
    [
      'SERVICE_IN_ERROR',
      'service drone@swarm',
      { services: [{ ...service, status: 'disabled', error: ['no such middleware'] }] },
    ],
  ])('%s: %s', (code, subject, changes) => {
    expect(judgeErrors(changes)).toMatchObject([
      { subject, verdict: 'fail', code, actual: 'disabled: no such middleware' },
    ])
  })

  test('a router, with where it does not lead', () => {
    expect(judgeErrors({ routers: [{ ...router, status: 'disabled' }] })).toMatchObject([
      { actual: 'disabled', reason: expect.stringContaining('Host(`drone.test`)') },
    ])
  })

  test.each([
    ['HTTP_MIDDLEWARES_IN_ERROR', { http: { ...sound.overview.http, middlewares: tally(2, 0, 1) } }],
    ['TCP_ROUTERS_IN_ERROR', { tcp: { routers: tally(2, 0, 1), services: tally(0) } }],
    ['TCP_SERVICES_IN_ERROR', { tcp: { routers: tally(0), services: tally(2, 0, 1) } }],
    ['TCP_MIDDLEWARES_IN_ERROR', { tcp: { routers: tally(0), services: tally(0), middlewares: tally(2, 0, 1) } }],
    ['UDP_ROUTERS_IN_ERROR', { udp: { routers: tally(2, 0, 1), services: tally(0) } }],
    ['UDP_SERVICES_IN_ERROR', { udp: { routers: tally(0), services: tally(2, 0, 1) } }],
  ])('%s: by number, where there is no list', (code, changes) => {
    expect(judgeErrors({ overview: { ...sound.overview, ...changes } })).toMatchObject([
      { verdict: 'fail', code, actual: '1 of 2 in error' },
    ])
  })

  test.each([
    [
      'Traefik 2.11',
      traefik2,
      [
        'router gone@docker: fail',
        'router lost@docker: fail',
        'service reports@docker: fail',
        'http middlewares: fail',
      ],
    ],
    ['Traefik 3.6', traefik3, ['router reports@swarm: fail', 'service spare@file: fail']],
  ])('%s', (_, answers, verdicts) => {
    expect(verdictsOf(judgeErrors(recorded(answers)))).toEqual(verdicts)
  })
})

describe('what cannot be told is unknown', () => {
  test.each([
    ['a router that is not listed', { routers: tally(2), services: tally(1), middlewares: tally(0) }, 'routers'],
    ['a service that is not listed', { routers: tally(1), services: tally(2), middlewares: tally(0) }, 'services'],
    ['an error that is not listed', { routers: tally(1, 0, 1), services: tally(1), middlewares: tally(0) }, 'routers'],
  ])('%s', (_, http, subject) => {
    expect(judgeErrors({ overview: { http } })).toMatchObject([
      { subject, verdict: 'unknown', code: 'OVERVIEW_DISAGREES' },
    ])
  })

  test.each(['', 'degraded'])('a status that is not known: "%s"', (status) => {
    expect(judgeErrors({ services: [{ ...service, status }] })).toMatchObject([
      {
        subject: 'service drone@swarm',
        verdict: 'unknown',
        code: 'PROXY_STATUS_UNKNOWN',
        actual: status || 'without a status',
      },
    ])
  })

  test('a proxy that says nothing', () => {
    expect(judgeErrors({ state: 'silent', why: 'GET /api/overview: 404' })).toMatchObject([
      { verdict: 'unknown', code: 'PROXY_API_SILENT', actual: 'GET /api/overview: 404' },
    ])
    expect(judgeErrors({ state: 'not configured' })).toMatchObject([{ verdict: 'unknown' }])
  })

  test('a proxy whose API is not configured does not apply', () => {
    expect(judgeErrors({}, { proxy: { ping: 'https://traefik.test/ping' } })).toMatchObject([{ verdict: 'n/a' }])
    expect(judgeErrors({}, { proxy: undefined })).toMatchObject([{ verdict: 'n/a' }])
  })
})
