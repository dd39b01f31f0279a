import { describe, expect, test } from 'vitest'
import { buildDynamic, normalize } from './dynamic.mjs'
import { memoryLog, recipeLabels, workload } from './testing.ts'
import type { Workload } from './types.ts'

function build(...workloads: Workload[]) {
  const log = memoryLog()
  return { ...buildDynamic(workloads, log), lines: log.lines }
}

describe('the dynamic configuration', () => {
  test('links a router to the only service beside it', () => {
    expect(build(workload('a'))).toEqual({
      routers: { a: { rule: 'Host(`a.test`)', entryPoints: ['web-secure'], tls: {}, service: 'a' } },
      services: { a: { servers: [{ url: 'http://10.10.0.7:80' }], passHostHeader: true } },
      middlewares: [],
      lines: [],
    })
  })

  test('shares one load balancer among the tasks of a service, each address once', () => {
    const second = { id: 'z', networks: [{ name: 'proxy', address: '10.10.0.9' }] }
    const twin = { id: 'zz', networks: [{ name: 'proxy', address: '10.10.0.9' }] }
    const { services } = build(workload('a'), workload('a', second), workload('a', twin))
    expect(services['a']?.servers).toEqual([{ url: 'http://10.10.0.7:80' }, { url: 'http://10.10.0.9:80' }])
  })

  test('leaves out what is not enabled', () => {
    const settings = { enable: false, network: 'proxy', lbSwarm: false }
    expect(build(workload('a', { settings })).routers).toEqual({})
  })

  test('leaves out a service without a port, and says so', () => {
    const { routers, lines } = build(workload('a', { labels: { 'traefik.enable': 'true' } }))
    expect(routers).toEqual({})
    expect(lines).toEqual(['error service "a-app" error: port is missing'])
  })

  test('gives a service without a router the default rule', () => {
    const labels = { 'traefik.http.services.a.loadbalancer.server.port': '80' }
    expect(build(workload('a', { labels })).routers).toEqual({ 'a-app': { rule: 'Host(`a-app`)', service: 'a' } })
  })

  test('drops a router that two services declare differently', () => {
    const labels = { ...recipeLabels('a', 'elsewhere.test') }
    const { routers, lines } = build(workload('a'), workload('a', { id: 'z', serviceName: 'b_app', labels }))
    expect(routers).toEqual({})
    expect(lines).toEqual(['error Router defined multiple times with different configurations'])
  })

  test('drops a router that could mean two services', () => {
    const labels = { ...recipeLabels('a', 'a.test'), 'traefik.http.services.b.loadbalancer.server.port': '81' }
    const { routers, lines } = build(workload('a', { labels }))
    expect(routers).toEqual({})
    expect(lines).toEqual(['error Could not define the service name for the router: too many services'])
  })
})

test('a normalized name has dashes for what is no letter and no digit', () => {
  expect(normalize('/ccci-dashboard_app.1')).toBe('ccci-dashboard-app-1')
})
