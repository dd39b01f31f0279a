import { describe, expect, test } from 'vitest'
import { answerApi } from './api.mjs'
import { buildDynamic } from './dynamic.mjs'
import { buildRuntime } from './runtime.mjs'
import { memoryLog, recipeLabels, staticConfig, workload } from './testing.ts'
import type { StaticConfig, Workload } from './types.ts'

function ask(
  target: string,
  workloads: readonly Workload[] = [workload('drone')],
  changes: Partial<StaticConfig> = {},
) {
  const config = staticConfig(changes)
  return answerApi(target, {
    config,
    runtime: buildRuntime(buildDynamic(workloads, memoryLog()), config),
    stopping: false,
  })
}

function read(...asked: Parameters<typeof ask>): unknown {
  const { status, headers, body } = ask(...asked)
  expect({ status, type: headers['Content-Type'] }).toEqual({ status: 200, type: 'application/json' })
  return JSON.parse(body)
}

const broken = workload('broken', {
  labels: { ...recipeLabels('broken', 'x.test'), 'traefik.http.routers.broken.entrypoints': 'nowhere' },
})

describe('the API', () => {
  test('shows a router as Traefik does', () => {
    expect(read('/api/http/routers/drone@swarm')).toEqual({
      entryPoints: ['web-secure'],
      service: 'drone',
      rule: 'Host(`drone.test`)',
      priority: 18,
      tls: { options: 'default' },
      status: 'enabled',
      using: ['web-secure'],
      name: 'drone@swarm',
      provider: 'swarm',
    })
  })

  test('shows a service as Traefik does', () => {
    expect(read('/api/http/services/drone@swarm')).toEqual({
      loadBalancer: {
        servers: [{ url: 'http://10.10.0.7:80' }],
        strategy: 'wrr',
        passHostHeader: true,
        responseForwarding: { flushInterval: '100ms' },
      },
      status: 'enabled',
      usedBy: ['drone@swarm'],
      serverStatus: { 'http://10.10.0.7:80': 'UP' },
      name: 'drone@swarm',
      provider: 'swarm',
      type: 'loadbalancer',
    })
  })

  test('calls its provider docker in version 2', () => {
    expect(read('/api/http/routers/drone@docker', undefined, { major: 2 })).toMatchObject({ provider: 'docker' })
    expect(read('/api/overview', undefined, { major: 2 })).toMatchObject({ providers: ['Docker'] })
    expect(read('/api/version', undefined, { major: 2 })).toMatchObject({ Version: expect.stringMatching(/^2\./) })
  })

  test('says in its version that it only stands in', () => {
    expect(read('/api/version')).toEqual({
      Version: '3.6.0+stand-in',
      Codename: 'practice',
      startDate: '2026-06-12T10:00:00.000Z',
    })
  })

  test('counts what is wrong in its overview', () => {
    expect(read('/api/overview', [workload('drone'), broken])).toMatchObject({
      http: { routers: { total: 4, warnings: 0, errors: 1 }, services: { total: 5, warnings: 0, errors: 0 } },
      providers: ['Swarm'],
    })
  })

  test('says why a router is disabled', () => {
    expect(read('/api/http/routers?status=disabled', [workload('drone'), broken])).toMatchObject([
      {
        name: 'broken@swarm',
        status: 'disabled',
        error: ['entryPoint "nowhere" doesn\'t exist', 'no valid entryPoint for this router'],
      },
    ])
  })

  test('only warns of one entry point among others', () => {
    const labels = { ...recipeLabels('a', 'a.test'), 'traefik.http.routers.a.entrypoints': 'web-secure,nowhere' }
    expect(read('/api/http/routers/a@swarm', [workload('a', { labels })])).toMatchObject({
      status: 'warning',
      using: ['web-secure'],
    })
  })

  test('disables a router whose service does not exist', () => {
    const labels = { ...recipeLabels('a', 'a.test'), 'traefik.http.routers.a.service': 'b' }
    expect(read('/api/http/routers/a@swarm', [workload('a', { labels })])).toMatchObject({
      status: 'disabled',
      error: ['the service "b@swarm" does not exist'],
    })
  })

  test('writes priorities that no double can hold in full', () => {
    expect(ask('/api/http/routers/ping@internal').body).toContain('"priority":9223372036854775807')
  })

  test('gives a page at a time, and the number of the next in a header', () => {
    const many = Array.from({ length: 3 }, (_, index) => workload(`w${index}`))
    expect(ask('/api/http/routers?search=swarm&per_page=2', many).headers['X-Next-Page']).toBe('2')
    expect(ask('/api/http/routers?search=swarm&per_page=2&page=2', many).headers['X-Next-Page']).toBe('1')
    expect(read('/api/http/routers?search=w1.test&per_page=2', many)).toHaveLength(1)
    expect(ask('/api/http/routers?per_page=2&page=9', many)).toMatchObject({
      status: 400,
      body: '{"message":"invalid request: page: 9, per_page: 2"}\n',
    })
  })

  test('lists its entry points, and gives all of it raw', () => {
    expect(read('/api/entrypoints')).toMatchObject([
      { name: 'web', address: ':80' },
      { name: 'web-secure', address: ':443' },
    ])
    expect(read('/api/rawdata')).toMatchObject({
      routers: { 'drone@swarm': { status: 'enabled' } },
      services: { 'drone@swarm': { serverStatus: { 'http://10.10.0.7:80': 'UP' } } },
    })
  })

  test('answers 404 for what it does not know', () => {
    expect(ask('/api/http/services/none@swarm')).toMatchObject({
      status: 404,
      body: '{"message":"service not found: none@swarm"}\n',
    })
    expect(ask('/api/nothing')).toMatchObject({ status: 404, body: '404 page not found\n' })
    expect(ask('/dashboard/')).toMatchObject({ status: 404 })
  })

  test('answers the ping until it stops', () => {
    const config = staticConfig()
    const runtime = buildRuntime(buildDynamic([], memoryLog()), config)
    expect(answerApi('/ping', { config, runtime, stopping: false })).toMatchObject({ status: 200, body: 'OK' })
    expect(answerApi('/ping', { config, runtime, stopping: true })).toMatchObject({ status: 503 })
  })
})
