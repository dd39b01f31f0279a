import { describe, expect, test } from 'vitest'
import { caddyConfig } from './caddy-config.mjs'
import { buildDynamic } from './dynamic.mjs'
import { buildRuntime } from './runtime.mjs'
import { memoryLog, recipeLabels, staticConfig, workload } from './testing.ts'
import type { Workload } from './types.ts'

const paths = { adminSocket: '/run/lab/caddy.sock', apiSocket: '/run/lab/api.sock', caddyData: '/srv/data' }

function secureRoutes(...workloads: Workload[]) {
  const config = staticConfig()
  const built = caddyConfig(buildRuntime(buildDynamic(workloads, memoryLog()), config), config, paths)
  const server: unknown = built.apps.http.servers['web-secure']
  return (server as { routes: { match?: { expression: string }[]; handle: object[] }[] }).routes
}

describe("Caddy's configuration", () => {
  test('dials the address of the task', () => {
    expect(secureRoutes(workload('a'))[0]).toMatchObject({
      match: [{ expression: '(host("a.test"))' }],
      handle: [{ handler: 'reverse_proxy', upstreams: [{ dial: '10.10.0.7:80' }] }],
    })
  })

  test('tries the longer rule first', () => {
    const longer = {
      ...recipeLabels('z', 'a.test'),
      'traefik.http.routers.z.rule': 'Host(`a.test`) && PathPrefix(`/api`)',
    }
    const expressions = secureRoutes(workload('a'), workload('z', { labels: longer })).map(
      (route) => route.match?.[0]?.expression,
    )
    expect(expressions).toEqual([expect.stringContaining('/api'), '(host("a.test"))', undefined])
  })

  test('routes nothing to a router without TLS, or that is disabled', () => {
    const { ['traefik.http.routers.a.tls']: _, ...plain } = recipeLabels('a', 'a.test')
    const disabled = { ...recipeLabels('b', 'b.test'), 'traefik.http.routers.b.rule': 'Nonsense' }
    const routes = secureRoutes(workload('a', { labels: plain }), workload('b', { labels: disabled }))
    expect(routes).toMatchObject([{ handle: [{ status_code: 404 }] }])
  })

  test('keeps its admin API off the network', () => {
    const config = staticConfig()
    const runtime = buildRuntime(buildDynamic([], memoryLog()), config)
    expect(caddyConfig(runtime, config, paths).admin).toMatchObject({
      listen: 'unix//run/lab/caddy.sock',
      origins: ['localhost'],
    })
  })
})
