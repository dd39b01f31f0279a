import { expect, test } from 'vitest'
import { only, taskIn } from '../test-host/green.ts'
import {
  addTask,
  aimAt,
  balancer,
  ended,
  judgeBackends,
  label,
  moveTask,
  type Proxied,
  secondsAgo,
  vipOf,
} from './testing/proxied.ts'

/** The backend that is sound, and another task of the service, which is as `changes` say. */
const beside = (address: string, changes: Parameters<typeof addTask>[2]) => (proxied: Proxied) => {
  addTask(proxied, address, changes)
  aimAt('10.10.0.7', address)(proxied)
}

/** The one task of `drone_app` is elsewhere, and its address is where the proxy looks for it. */
const moved = (address: string, name?: string) => (proxied: Proxied) => {
  moveTask(proxied, proxied.task, `${address}/24`, name)
  aimAt(address)(proxied)
}

const readdressed = (written: string, url: string) => (proxied: Proxied) => {
  for (const attachment of proxied.task.NetworksAttachments) attachment.Addresses = [written]
  aimAt(url)(proxied)
}

const statuses = (serverStatus: Record<string, string>) => (proxied: Proxied) => {
  const urls = Object.keys(serverStatus)
  proxied.api.services = [balancer(urls, { serverStatus })]
}

const changedNow = (address: string) => (proxied: Proxied) => {
  proxied.drone.UpdatedAt = secondsAgo(5)
  aimAt('10.10.0.7', address)(proxied)
}

test('when a task ended is for the clock of the manager to say', () => {
  const ahead = { ...ended(-3600), UpdatedAt: secondsAgo(1800) }
  expect(judgeBackends(beside('10.10.0.70', ahead))).toMatchObject([{ verdict: 'fail', code: 'STALE_BACKEND' }])
  const behind = { ...ended(3600), UpdatedAt: secondsAgo(3) }
  expect(judgeBackends(beside('10.10.0.70', behind))).toMatchObject([{ verdict: 'pass' }])
})

test('a running task on the shared network passes, by name', () => {
  expect(judgeBackends()).toMatchObject([
    {
      subject: 'drone@swarm',
      verdict: 'pass',
      actual: '10.10.0.7 is drone_app.1',
      expected: expect.stringMatching(/^running tasks on proxy \(\w{12}\), 10\.10\.0\.0\/16$/),
    },
  ])
})

test.each<[string, string, (proxied: Proxied) => void]>([
  [
    'that of Traefik 2',
    'is drone_app.1',
    ({ api }) => void api.services.splice(0, 1, balancer(['10.10.0.7'], { name: 'drone@docker' })),
  ],
  [
    'a VIP',
    'is the VIP of drone_app',
    (proxied) => {
      label(proxied.drone, { 'traefik.enable': 'true', 'traefik.swarm.lbswarm': 'true' })
      aimAt(vipOf(proxied))(proxied)
    },
  ],
  [
    'an attached container',
    '10.10.9.9 is an attached container (task container)',
    (proxied) => {
      label(proxied.drone, {})
      const container = addTask(proxied, '10.10.9.9', { ID: 'container', ServiceID: '' })
      Object.assign(proxied.host, {
        tasks: proxied.host.tasks.filter((task) => task !== container),
        'attached-containers': [container],
      })
      aimAt('10.10.9.9')(proxied)
    },
  ],
  ['no service by its labels', '10.10.0.7 is drone_app.1', ({ drone }) => label(drone, {})],
  ['an address of IPv6', 'fd00:10::7 is drone_app.1', readdressed('fd00:0010::7/64', 'http://[fd00:10::7]:80')],
  [
    'a task that has just ended',
    'was drone_app.1, which ended 18 s before (shutdown): being replaced',
    beside('10.10.0.70', ended(18)),
  ],
  ['a task that has ended since', 'which has ended since: being replaced', beside('10.10.0.70', ended(-5, 'failed'))],
  [
    'a task just told to stop',
    'which is told to stop: being replaced',
    beside('10.10.0.70', { DesiredState: 'shutdown', UpdatedAt: secondsAgo(4) }),
  ],
  [
    'a task that has just left a wrong network',
    '10.20.0.4 was drone_app.1, which ended 3 s before (shutdown)',
    (proxied) => {
      moveTask(proxied, addTask(proxied, '10.20.0.4', ended(3)), '10.20.0.4/24')
      aimAt('10.10.0.7', '10.20.0.4')(proxied)
    },
  ],
  [
    'down because it has just ended',
    'being replaced',
    (proxied) => {
      addTask(proxied, '10.10.0.70', ended(2))
      statuses({ 'http://10.10.0.7:80': 'UP', 'http://10.10.0.70:80': 'DOWN' })(proxied)
    },
  ],
])('%s passes: %s', (_, said, change) => {
  const judgement = only(judgeBackends(change))
  expect(judgement).toMatchObject({ verdict: 'pass' })
  expect(judgement.actual).toContain(said)
  expect(judgement.code).toBeUndefined()
})

test.each<[string, string, string, (proxied: Proxied) => void]>([
  ['WRONG_NETWORK', 'on another overlay', '10.20.0.4 is drone_app.1 on internal', moved('10.20.0.4')],
  [
    'WRONG_NETWORK',
    'on another overlay, and nobody there',
    '10.20.0.4 is no task that is known on internal',
    (proxied) => {
      moveTask(proxied, structuredClone(proxied.task), '10.20.0.9/24')
      aimAt('10.20.0.4')(proxied)
    },
  ],
  [
    'WRONG_NETWORK',
    'on another overlay, changed just now',
    '10.20.0.4 is drone_app.1 on internal',
    (proxied) => {
      proxied.task.UpdatedAt = secondsAgo(2)
      moved('10.20.0.4')(proxied)
    },
  ],
  [
    'WRONG_NETWORK',
    "that is another service's, on another overlay",
    '10.20.0.4 is ccci-dashboard_app.1 on internal',
    (proxied) => {
      moveTask(proxied, taskIn(proxied.host, 'ccci-dashboard_app'), '10.20.0.4/24')
      aimAt('10.10.0.7', '10.20.0.4')(proxied)
    },
  ],
  ['WRONG_NETWORK', 'on docker_gwbridge', 'no task that is known on docker_gwbridge', aimAt('172.18.0.5')],
  ['WRONG_NETWORK', 'on no network at all', 'no task that is known on no network of the Swarm', aimAt('192.0.2.1')],
  [
    'WRONG_NETWORK',
    'on an earlier network of that name and subnet',
    '10.10.0.7 is drone_app.1 on an earlier proxy (other0networ)',
    moved('10.10.0.7', 'proxy'),
  ],
  [
    'WRONG_NETWORK',
    'outside of the subnet of the present network',
    '10.0.1.7 is drone_app.1 on proxy, outside of its subnet',
    readdressed('10.0.1.7/24', 'http://10.0.1.7:80'),
  ],
  [
    'STALE_BACKEND',
    'whose task has ended',
    '10.10.0.70 was drone_app.1, which ended 20 s before (failed)',
    beside('10.10.0.70', ended(20, 'failed')),
  ],
  [
    'STALE_BACKEND',
    'whose task was told to stop long ago',
    'which is told to stop',
    beside('10.10.0.70', { DesiredState: 'shutdown', UpdatedAt: secondsAgo(60) }),
  ],
  [
    'STALE_BACKEND',
    'whose address is that of a task that starts',
    'which is in starting',
    beside('10.10.0.70', { Status: { State: 'starting' } }),
  ],
  [
    'STALE_BACKEND',
    'whose address another service has now',
    'which ended 1 min before (shutdown); it is ccci-dashboard_app.1 now',
    beside('10.10.0.9', ended(60)),
  ],
  [
    'STALE_BACKEND',
    "that is another service's",
    '10.10.0.9 is not its own: ccci-dashboard_app.1',
    aimAt('10.10.0.7', '10.10.0.9'),
  ],
  [
    'STALE_BACKEND',
    "that is another service's, where the proxy knows services without being told to",
    '10.10.0.9 is not its own: ccci-dashboard_app.1',
    (proxied) => {
      label(proxied.drone, { 'traefik.http.services.drone.loadbalancer.server.port': '80' })
      aimAt('10.10.0.7', '10.10.0.9')(proxied)
    },
  ],
  [
    'STALE_BACKEND',
    'that is a VIP without tasks',
    'was the VIP of drone_app, behind which no task runs',
    (proxied) => {
      aimAt(vipOf(proxied))(proxied)
      Object.assign(proxied.task, { DesiredState: 'shutdown' })
    },
  ],
  ['UNKNOWN_BACKEND', 'that nobody has', "10.10.200.1 is nobody's", aimAt('10.10.0.7', '10.10.200.1')],
  [
    'UNKNOWN_BACKEND',
    'of IPv6 that nobody has',
    "fd00:10::8 is nobody's",
    aimAt('10.10.0.7', 'http://[fd00:10::8]:80'),
  ],
  [
    'BACKEND_DOWN',
    'that the proxy itself finds down',
    '10.10.0.7 is drone_app.1; http://10.10.0.7:80 is DOWN',
    statuses({ 'http://10.10.0.7:80': 'DOWN' }),
  ],
])('%s: one %s fails', (code, _, said, change) => {
  const judgement = only(judgeBackends(change))
  expect(judgement).toMatchObject({ subject: 'drone@swarm', verdict: 'fail', code })
  expect(judgement.actual).toContain(said)
  expect(judgement.reason).toMatch(/\w/)
  expect(judgement.remedy).toMatch(/\w/)
})

test.each<[string, string, (proxied: Proxied) => void]>([
  ['BACKEND_BY_NAME', 'one that has a name', aimAt('10.10.0.7', 'http://drone:80')],
  [
    'BACKEND_BY_NAME',
    'one without a URL',
    ({ api }) => {
      api.services = [balancer([], { loadBalancer: { servers: [{ url: '' }, { url: 'http://10.10.0.7:80' }] } })]
    },
  ],
  [
    'BACKEND_GONE',
    "nobody's, of a service that is gone",
    ({ api }) => void api.services.push(balancer(['10.10.200.1'], { name: 'gone@swarm' })),
  ],
  ['BACKEND_GONE', "nobody's, of a service changed just now", changedNow('10.10.200.1')],
  ['BACKEND_GONE', "another's, of a service changed just now", changedNow('10.10.0.9')],
  [
    'BACKEND_GONE',
    "nobody's, of a service with a new task",
    (proxied) => {
      addTask(proxied, '10.10.0.70', { Status: { State: 'starting', Timestamp: secondsAgo(5) } })
      aimAt('10.10.0.7', '10.10.200.1')(proxied)
    },
  ],
])('%s: %s may be in order', (code, _, change) => {
  expect(judgeBackends(change).find((judgement) => judgement.code === code)).toMatchObject({ verdict: 'unknown' })
})

test('the window is the refresh and throttle of this proxy, and two seconds', () => {
  const hasty = { proxy: { api: 'https://traefik.test/api', refreshSeconds: 5, throttleSeconds: 2 } }
  const change = beside('10.10.0.70', ended(10))
  expect(only(judgeBackends(change)).verdict).toBe('pass')
  expect(only(judgeBackends(change, hasty))).toMatchObject({ verdict: 'fail', code: 'STALE_BACKEND' })
})

test('the gravest of several faults gives the code, and all are told, the grave ones first', () => {
  const change = (proxied: Proxied): void => {
    addTask(proxied, '10.10.0.70', ended(60))
    aimAt('10.10.0.7', '10.10.200.1', '10.10.0.70', '172.18.0.5')(proxied)
  }
  const judgement = only(judgeBackends(change))
  expect(judgement).toMatchObject({ verdict: 'fail', code: 'WRONG_NETWORK' })
  expect(judgement.actual).toMatch(/172\.18\.0\.5.*10\.10\.0\.70.*10\.10\.200\.1.*10\.10\.0\.7 is drone_app\.1/)
})

test('a task that is listed by an address of another network is not missed on this one', () => {
  const change = (proxied: Proxied): void => {
    const [here] = structuredClone(proxied.task.NetworksAttachments)
    moveTask(proxied, proxied.task, '10.20.0.4/24')
    if (here !== undefined) proxied.task.NetworksAttachments.push(here)
    aimAt('10.20.0.4')(proxied)
  }
  expect(judgeBackends(change)).toMatchObject([
    { code: 'WRONG_NETWORK', actual: '10.20.0.4 is drone_app.1 on internal' },
  ])
})
