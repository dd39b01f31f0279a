import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { answerApi } from '../../../../lab/guest/apps/router/api.mjs'
import { buildDynamic } from '../../../../lab/guest/apps/router/dynamic.mjs'
import { buildRuntime } from '../../../../lab/guest/apps/router/runtime.mjs'
import { memoryLog, recipeLabels, staticConfig, workload } from '../../../../lab/guest/apps/router/testing.ts'
import {
  proxyApiSchema,
  proxyOverviewSchema,
  proxyRouterSchema,
  proxyServiceSchema,
  proxyVersionSchema,
} from './proxy-api.ts'
import { traefik2 } from './testing/traefik-2.ts'
import { traefik3 } from './testing/traefik-3.ts'

const schemas: Readonly<Record<string, z.ZodType>> = {
  '/api/version': proxyVersionSchema,
  '/api/overview': proxyOverviewSchema,
  '/api/http/routers': proxyRouterSchema.array(),
  '/api/http/services': proxyServiceSchema.array(),
}
const broken = workload('broken', {
  labels: { ...recipeLabels('broken', 'x.test'), 'traefik.http.routers.broken.entrypoints': 'nowhere' },
})

describe.each([
  ['Traefik 2.11', traefik2],
  ['Traefik 3.6', traefik3],
  ['the stand-in, as version 2', standIn(2)],
  ['the stand-in, as version 3', standIn(3)],
])('%s', (_, answers) => {
  test.each(Object.entries(schemas))('%s is understood', (path, schema) => {
    expect(schema.safeParse(read(answers, path)).error).toBeUndefined()
  })

  test('counts in its overview what its lists hold', () => {
    const { http } = proxyOverviewSchema.parse(read(answers, '/api/overview'))
    const routers = proxyRouterSchema.array().parse(read(answers, '/api/http/routers'))
    const services = proxyServiceSchema.array().parse(read(answers, '/api/http/services'))
    for (const [tally, items] of [[http.routers, routers] as const, [http.services, services] as const]) {
      const having = (status: string) => items.filter((item) => item.status === status).length
      expect(tally).toEqual({ total: items.length, warnings: having('warning'), errors: having('disabled') })
    }
  })

  test('gives a reason for whatever is not enabled', () => {
    const items = [...(read(answers, '/api/http/routers') as []), ...(read(answers, '/api/http/services') as [])]
    const flawed = proxyRouterSchema
      .array()
      .parse(items)
      .filter(({ status }) => status !== 'enabled')
    expect(flawed).not.toHaveLength(0)
    for (const { name, error } of flawed) expect(error, name).not.toHaveLength(0)
  })

  test('makes one fact of it all', () => {
    const whole = {
      state: 'answered',
      at: '2026-06-12T10:00:00.000Z',
      version: proxyVersionSchema.parse(read(answers, '/api/version')).Version,
      overview: read(answers, '/api/overview'),
      routers: read(answers, '/api/http/routers'),
      services: read(answers, '/api/http/services'),
    }
    expect(proxyApiSchema.parse(whole)).toMatchObject({ state: 'answered' })
  })
})

test('the servers of every kind of service, and what is known of their state', () => {
  const seen = (answers: Readonly<Record<string, string>>) =>
    proxyServiceSchema
      .array()
      .parse(read(answers, '/api/http/services'))
      .map(({ name, type, loadBalancer, serverStatus }) => [
        name,
        type,
        loadBalancer?.servers?.map(({ url }) => url),
        Object.values(serverStatus ?? {}).join(' '),
      ])
  expect(seen(traefik2)).toEqual([
    ['api@internal', '', undefined, ''],
    ['drone@docker', 'loadbalancer', ['http://10.10.0.7:80', 'http://10.10.0.8:80'], 'UP DOWN'],
    ['empty@docker', 'loadbalancer', undefined, ''],
    ['canary@file', 'weighted', undefined, ''],
    ['reports@docker', 'loadbalancer', ['http://10.10.0.9:80'], ''],
    ['noop@internal', '', undefined, ''],
  ])
  expect(seen(traefik3)).toEqual([
    ['drone@swarm', 'loadbalancer', ['http://10.10.0.7:80', 'http://[fd00:10::7]:80'], 'UP DOWN'],
    ['starting@swarm', 'loadbalancer', [''], ''],
    ['spare@file', 'failover', undefined, ''],
    ['shadow@file', 'mirroring', undefined, ''],
    ['canary@file', 'weighted', undefined, ''],
    ['dashboard@internal', '', undefined, ''],
    ['noop@internal', '', undefined, ''],
  ])
})

test('an overview of the first Traefik 2 has no middlewares of TCP, and no UDP', () => {
  const { http, tcp } = read(traefik2, '/api/overview') as { http: object; tcp: { middlewares?: object } }
  delete tcp.middlewares
  expect(proxyOverviewSchema.safeParse({ http, tcp }).success).toBe(true)
})

describe('what is not the proxy is refused', () => {
  const others: readonly (readonly [string, unknown])[] = [
    ['a page', '<!doctype html><title>Drone</title>'],
    ['nothing', null],
    ['an empty object', {}],
    ["the proxy's own error", { message: 'invalid request: page: 9, per_page: 100' }],
    ["the CI server's version", { source: 'https://github.com/drone/drone', version: '2.25.0', commit: 'c32df38e' }],
    ["the CI server's builds", [{ id: 1, number: 1, status: 'success', event: 'push' }]],
    ["the CI server's repositories", [{ id: 1, name: 'cc-ci', slug: 'recipe-maintainers/cc-ci', active: true }]],
    ["the proxy's entry points", read(traefik3, '/api/entrypoints')],
    ['routers by name', { 'drone@swarm': { status: 'enabled', rule: 'Host(`drone.test`)' } }],
  ]
  test.each(others)('%s', (_, body) => {
    for (const [path, schema] of Object.entries(schemas)) expect(schema.safeParse(body).success, path).toBe(false)
  })

  test('and neither list is taken for the overview, nor the overview for a version', () => {
    expect(proxyOverviewSchema.safeParse(read(traefik3, '/api/http/routers')).success).toBe(false)
    expect(proxyVersionSchema.safeParse(read(traefik3, '/api/overview')).success).toBe(false)
  })
})

function standIn(major: 2 | 3): Readonly<Record<string, string>> {
  const config = staticConfig({ major })
  const runtime = buildRuntime(buildDynamic([workload('drone'), broken], memoryLog()), config)
  const answers = Object.keys(schemas).map((path) => {
    const { status, headers, body } = answerApi(path, { config, runtime, stopping: false })
    expect({ status, type: headers['Content-Type'] }).toEqual({ status: 200, type: 'application/json' })
    return [path, body] as const
  })
  return Object.fromEntries(answers)
}

function read(answers: Readonly<Record<string, string>>, path: string): unknown {
  return JSON.parse(answers[path] ?? '')
}
