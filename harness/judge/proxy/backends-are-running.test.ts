import { describe, expect, test } from 'vitest'
import { only, verdictsOf } from '../test-host/green.ts'
import { addTask, balancer, judgeBackends, label, moveTask, type Proxied, secondsAgo } from './testing/proxied.ts'

const port = { 'traefik.http.services.drone.loadbalancer.server.port': '80' }

describe('no backend at all', () => {
  test('fails, with the tasks there are', () => {
    expect(judgeBackends(({ api }) => void api.services.splice(0, 1, balancer([])))).toMatchObject([
      { verdict: 'fail', code: 'NO_BACKEND', actual: 'no servers; drone_app: 1 running on node 0q7wp7bfpc3n' },
    ])
  })

  test.each([
    ['', 'no servers; drone_app: no task runs, one is preparing'],
    ['no such image', 'no servers; drone_app: no task runs, one is preparing (no such image)'],
  ])('says what the one task is in instead, and why: %s', (Err, actual) => {
    const change = ({ api, task }: Proxied): void => {
      api.services = [balancer([], { loadBalancer: {} })]
      Object.assign(task.Status, { State: 'preparing', Err })
    }
    expect(only(judgeBackends(change))).toMatchObject({ code: 'NO_BACKEND', actual })
  })
})

describe('a task that the proxy leaves out', () => {
  const second = (seconds: number) => (proxied: Proxied) =>
    addTask(proxied, '10.10.0.70', { Slot: 2, Status: { Timestamp: secondsAgo(seconds) } })

  test('of a service it knows fails', () => {
    expect(judgeBackends(second(20))).toMatchObject([
      {
        subject: 'drone@swarm',
        verdict: 'fail',
        code: 'MISSING_BACKEND',
        actual: '10.10.0.7 is drone_app.1; 10.10.0.70 (drone_app.2) is not among them',
      },
    ])
  })

  test.each<[string, (proxied: Proxied, left: Proxied['task']) => void]>([
    [
      'runs for less than a refresh',
      (_, left) => {
        Object.assign(left, { UpdatedAt: secondsAgo(18) })
        Object.assign(left.Status, { Timestamp: secondsAgo(19) })
      },
    ],
    ['starts', (_, { Status }) => void Object.assign(Status, { State: 'starting' })],
    ['is not on the shared network', (proxied, left) => moveTask(proxied, left, '10.20.0.4/24')],
    ['is of a service that is disabled', ({ drone }) => label(drone, { ...port, 'traefik.enable': 'false' })],
    ['is of a service that does not say so', ({ drone }) => label(drone, port)],
    ['is of a service without a port', ({ drone }) => label(drone, { 'traefik.enable': 'true' })],
    ['is of a service changed just now', ({ drone }) => void Object.assign(drone, { UpdatedAt: secondsAgo(5) })],
    [
      'is reached by the VIP',
      ({ drone }) => label(drone, { ...port, 'traefik.enable': 'true', 'traefik.docker.lbswarm': '1' }),
    ],
  ])('is not missed where it %s', (_, change) => {
    const judgements = judgeBackends((proxied) => change(proxied, second(60)(proxied)))
    expect(verdictsOf(judgements)).toEqual(['drone@swarm: pass'])
  })

  test('of a service it does not know fails where the configuration names that service', () => {
    const unheard = ({ api }: Proxied) =>
      void api.services.splice(0, 1, balancer(['10.10.0.9'], { name: 'other@swarm' }))
    const find = (wish?: Parameters<typeof judgeBackends>[1]) =>
      judgeBackends(unheard, wish).find(({ subject }) => subject === 'drone_app')
    expect(find({ routes: [] })).toMatchObject({
      verdict: 'fail',
      code: 'MISSING_BACKEND',
      actual: 'the proxy has no load balancer `drone` for 10.10.0.7 (drone_app.1)',
    })
    const routes = [{ url: 'https://drone.test/', service: 'drone_app' }]
    expect(find({ controlPlane: [], routes })).toMatchObject({ verdict: 'fail' })
    expect(find({ controlPlane: [], routes: [] })).toMatchObject({ verdict: 'unknown', code: 'MISSING_BACKEND' })
  })
})

describe('what is not looked at', () => {
  const plain = (name: string, type = '') => ({ name, type, status: 'enabled' })

  test('is told by number', () => {
    const judgements = judgeBackends(({ api }) => {
      const others = [plain('api@internal'), plain('noop@internal'), plain('canary@swarm', 'weighted')]
      api.services.push(balancer(['192.0.2.1'], { name: 'elsewhere@file' }), ...others)
    })
    expect(verdictsOf(judgements)).toEqual(['drone@swarm: pass', 'other services of the proxy: n/a'])
    expect(judgements[1]?.actual).toBe('not looked at: 1 @file, 2 @internal, 1 weighted@swarm')
  })

  test('proves nothing by itself', () => {
    const judgements = judgeBackends(({ api, drone }) => {
      label(drone, {})
      api.services = [plain('api@internal')]
    })
    expect(verdictsOf(judgements)).toEqual(['proxy: unknown', 'other services of the proxy: n/a'])
    expect(judgements[0]).toMatchObject({ code: 'NO_SWARM_SERVICES' })
  })
})

describe('nothing can be said', () => {
  test.each<[string, string, (proxied: Proxied) => void]>([
    ['without the shared network', 'See PV-NET-001.', ({ shared }) => void Object.assign(shared, { Name: 'proxy2' })],
    [
      'of an overlay without a subnet',
      'See PV-NET-008.',
      ({ shared }) => void Object.assign(shared.IPAM, { Config: [] }),
    ],
  ])('%s', (_, remedy, change) => {
    expect(judgeBackends(change)).toMatchObject([{ verdict: 'unknown', remedy }])
  })

  test('where the proxy says nothing', () => {
    const judgements = judgeBackends(({ api }) => void Object.assign(api, { state: 'silent', why: 'TCP refused' }))
    expect(judgements).toMatchObject([{ verdict: 'unknown', code: 'PROXY_API_SILENT', actual: 'TCP refused' }])
  })

  test('of a proxy whose API is not configured', () => {
    expect(judgeBackends(undefined, { proxy: {} })).toMatchObject([{ verdict: 'n/a' }])
  })
})
