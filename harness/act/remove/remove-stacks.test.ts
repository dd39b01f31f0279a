import { describe, expect, test } from 'vitest'
import { planRemoval } from '../../judge/removal/plan-removal.ts'
import {
  factsOf,
  kept,
  network,
  node,
  proxy,
  type RawSwarm,
  service,
  task,
  up,
} from '../../judge/removal/testing/swarm.ts'
import { readSwarm } from './read-swarm.ts'
import { type Outcome, type RemoveOptions, removeStacks } from './remove-stacks.ts'
import { type PlayedSwarm, playSwarm, type Script } from './testing/play-swarm.ts'

const never = new AbortController().signal
const shop: RawSwarm = {
  services: [
    service('shop_web', { stack: 'shop', on: ['shopnet', 'proxy'], configs: ['shopsite'], secrets: ['shopkey'] }),
    service('shop_db', { stack: 'shop', on: ['shopnet'] }),
    service('other_app', { stack: 'other', on: ['proxy'] }),
  ],
  tasks: [
    task('t1', { of: 'shop_web', stack: 'shop', on: { shopnet: '10.1.0.3/24', proxy: '10.10.0.3/24' } }),
    task('t2', { of: 'shop_db', stack: 'shop', on: { shopnet: '10.1.0.4/24' } }),
  ],
  networks: [proxy, network('shopnet', { stack: 'shop' }), network('othernet', { stack: 'other' })],
  nodes: [up],
  configs: [kept('shop_site', 'shop'), kept('other_site', 'other')],
  secrets: [kept('shop_key', 'shop')],
}
const othersLeft = ['otherapp', 'proxy', 'othernet', 'othersite']

/** Plans and removes, as a command does. */
async function remove(
  swarm: PlayedSwarm,
  options: Partial<RemoveOptions> = {},
  ...names: string[]
): Promise<Outcome[]> {
  const plan = planRemoval(names.length === 0 ? ['shop'] : names, await readSwarm(swarm.reader, never))
  const { reader, writer } = swarm
  const deadlines = { objectsMs: 5_000, tasksMs: 5_000, downNodeMs: 50, ...options.deadlines }
  return [...(await removeStacks(plan, { reader, writer, intervalMs: 5, ...options, deadlines }))]
}

test('services go first, networks when no task is left, then configs and secrets; nothing else', async () => {
  await using swarm = await playSwarm(shop, { lives: { t1: 4, t2: 1 } })
  expect(await remove(swarm)).toEqual([{ stack: 'shop', state: 'removed' }])
  expect(swarm.changes).toEqual([
    'DELETE /services/shopweb',
    'DELETE /services/shopdb',
    'DELETE /networks/shopnet',
    'DELETE /configs/shopsite',
    'DELETE /secrets/shopkey',
  ])
  expect(swarm.left()).toEqual(othersLeft)
  expect(swarm.leaks).toEqual([])
})

test('the played Swarm leaks where a network goes at once', async () => {
  await using swarm = await playSwarm({ ...shop, services: [] })
  await swarm.writer.removeNetwork('shopnet')
  expect(swarm.leaks).toEqual(['shopnet'])
})

test('a second time there is no such stack', async () => {
  await using swarm = await playSwarm(shop)
  await remove(swarm)
  const plan = planRemoval(['shop'], await readSwarm(swarm.reader, never))
  expect(plan).toMatchObject({ stacks: [], unknown: [{ name: 'shop' }] })
})

describe('an error is not an end:', () => {
  test.each<[string, Script['faults']]>([
    ['a list of tasks that fails', { 'GET /tasks': ['cut', 404, 503, 500, 'garbage', 'cut'] }],
    ['a list of services that fails', { 'GET /services': ['cut', 500, 404, 'garbage'] }],
    ['a list of networks that fails', { 'GET /networks': ['cut', 500, 404] }],
    ['a list of nodes that fails', { 'GET /nodes': [500, 'cut'] }],
    ['an inspection that fails', { 'GET /networks/shopnet': [500, 'cut', 'garbage'] }],
    ['a service that is not removed at once', { 'DELETE /services/shopweb': [500, 'cut', 503] }],
    ['a service that is gone, says the engine, and is not', { 'DELETE /services/shopweb': [404, 404] }],
    ['a removal whose answer is lost', { 'DELETE /services/shopweb': ['done but cut'] }],
    ['a network that is in use at first', { 'DELETE /networks/shopnet': [400, 403, 409] }],
    ['a network whose removal is lost', { 'DELETE /networks/shopnet': ['done but cut'] }],
    [
      'a config and a secret that are in use at first',
      { 'DELETE /configs/shopsite': [400], 'DELETE /secrets/shopkey': [400] },
    ],
  ])('%s', async (_, faults) => {
    await using swarm = await playSwarm(shop, { lives: { t1: 8, t2: 8 }, ...(faults === undefined ? {} : { faults }) })
    const plan = planRemoval(['shop'], factsOf(shop))
    expect(await removeStacks(plan, { ...swarm, intervalMs: 5 })).toEqual([{ stack: 'shop', state: 'removed' }])
    expect(swarm.left()).toEqual(othersLeft)
    expect(swarm.leaks).toEqual([])
  })
})

test('a container that is still on a network keeps the network', async () => {
  const endpoints = {
    shopnet: [['shop_web.1.t1'], ['shop_web.1.t1'], []],
    proxy: [['other_app.1.t9'], ['shop_web.1.t1']],
  }
  const seen: string[] = []
  await using swarm = await playSwarm(shop, { endpoints, after: (request) => seen.push(request) })
  expect(await remove(swarm)).toEqual([{ stack: 'shop', state: 'removed' }])
  expect(seen.slice(0, seen.indexOf('DELETE /networks/shopnet'))).toContain('GET /networks/proxy')
  expect(seen.filter((request) => request === 'GET /networks/shopnet')).toHaveLength(3)
})

test('where an interrupt left no service to tell whose they are, containers of the stack keep the network, too', async () => {
  const seen: string[] = []
  const raw: RawSwarm = {
    ...shop,
    services: [service('other_app', { stack: 'other', on: ['proxy'] })],
    containers: [{ Names: ['/shop_web.1.t1'], Labels: { 'com.docker.stack.namespace': 'shop' } }],
  }
  const endpoints = { shopnet: [['shop_web.1.t1'], ['shop_web.1.t1'], []] }
  await using swarm = await playSwarm(raw, { endpoints, after: (request) => seen.push(request) })
  expect(await remove(swarm)).toEqual([{ stack: 'shop', state: 'removed' }])
  expect(seen.slice(0, seen.indexOf('DELETE /networks/shopnet'))).toContain('GET /containers/json')
  expect(seen.filter((request) => request === 'GET /networks/shopnet')).toHaveLength(3)
})

test('a 404 that does not name the network says nothing of it', async () => {
  const seen: string[] = []
  const faults = { 'GET /networks/shopnet': [404, 404] }
  await using swarm = await playSwarm(shop, { faults, after: (request) => seen.push(request) })
  expect(await remove(swarm)).toEqual([{ stack: 'shop', state: 'removed' }])
  expect(seen.filter((request) => request === 'GET /networks/shopnet')).toHaveLength(3)
})

test('a task that does not end is named at the deadline, and the network stays', async () => {
  await using swarm = await playSwarm({ ...shop }, { lives: { t1: Number.POSITIVE_INFINITY } })
  const facts = await readSwarm(swarm.reader, never)
  const plan = planRemoval(['shop'], facts)
  const stacks = plan.stacks.map((stack) => ({ ...stack, stopGraceMs: 0 }))
  const [outcome] = await removeStacks({ ...plan, stacks }, { ...swarm, intervalMs: 5, deadlines: { tasksMs: 150 } })
  expect(outcome).toMatchObject({
    state: 'failed',
    error: {
      code: 'REMOVE_TIMED_OUT',
      exit: 'residue',
      seen: expect.stringContaining('waits for task t1 (running on one since 2026-11-20T11:59:00Z)'),
    },
  })
  expect(swarm.left()).toEqual(['otherapp', 'proxy', 'shopnet', 'othernet', 'shopsite', 'othersite', 'shopkey'])
})

test('nobody waits for a node that is down: what its tasks hold is left, and said', async () => {
  const nodes = [up, node('two', 'down')]
  const tasks = [
    task('t1', { of: 'shop_web', stack: 'shop', on: { shopnet: '10.1.0.3/24' } }),
    task('t3', { of: 'shop_db', stack: 'shop', node: 'two', on: { shopnet: '10.1.0.5/24', proxy: '10.10.0.5/24' } }),
  ]
  await using swarm = await playSwarm({ ...shop, nodes, tasks }, { lives: { t3: Number.POSITIVE_INFINITY } })
  const said = 'task t3 (running on two since 2026-11-20T11:59:00Z)'
  expect(await remove(swarm)).toEqual([
    {
      stack: 'shop',
      state: 'left',
      left: {
        held: [`${said}: the node is down`],
        objects: [`network shopnet: held by ${said}: the node is down`],
      },
    },
  ])
  expect(swarm.leaks).toEqual([])
  expect(swarm.left()).toEqual(['otherapp', 'proxy', 'shopnet', 'othernet', 'othersite'])
})

describe('what others use stays:', () => {
  const guest = service('guest', { on: ['shopnet'], configs: ['shopsite'], secrets: ['shopkey'] })

  test('a network, a config, a secret', async () => {
    await using swarm = await playSwarm({ ...shop, services: [...(shop.services ?? []), guest] })
    expect(await remove(swarm)).toMatchObject([
      {
        state: 'left',
        left: {
          objects: [
            'network shopnet: used by the service guest',
            'config shop_site: used by the service guest',
            'secret shop_key: used by the service guest',
          ],
        },
      },
    ])
    expect(swarm.changes).toEqual(['DELETE /services/shopweb', 'DELETE /services/shopdb'])
  })

  test('a network with an attached container, until that is gone', async () => {
    const attached = [task('t9', { on: { shopnet: '10.1.0.9/24' } })]
    await using swarm = await playSwarm({ ...shop, attached })
    expect(await remove(swarm)).toMatchObject([
      { left: { objects: ['network shopnet: used by an attached container on one (task t9)'] } },
    ])
  })

  test('but goes with the stack that uses it', async () => {
    const late = service('late_app', { stack: 'late', on: ['shopnet'] })
    const tasks = [task('t4', { of: 'late_app', stack: 'late', on: { shopnet: '10.1.0.7/24' } })]
    await using swarm = await playSwarm(
      { ...shop, services: [...(shop.services ?? []), late], tasks: [...(shop.tasks ?? []), ...tasks] },
      { lives: { t4: 40 } },
    )
    expect(await remove(swarm, { atOnce: 1 }, 'shop', 'late')).toEqual([
      { stack: 'shop', state: 'removed' },
      { stack: 'late', state: 'removed' },
    ])
    expect(swarm.leaks).toEqual([])
    expect(swarm.left()).toEqual(othersLeft)
  })
})

test.each([
  'DELETE /services/shopweb',
  'DELETE /services/shopdb',
  'GET /nodes',
  'GET /networks/shopnet',
  'DELETE /networks/shopnet',
  'DELETE /configs/shopsite',
])('interrupted after %s, the same removal goes on', async (moment) => {
  const interrupt = new AbortController()
  const reason = new Error('stop')
  let armed = false
  const after = (request: string): void => {
    if (armed && request === moment) interrupt.abort(reason)
  }
  await using swarm = await playSwarm(shop, { lives: { t1: 12, t2: 12 }, after })
  const plan = planRemoval(['shop'], await readSwarm(swarm.reader, never))
  armed = true
  const first = await removeStacks(plan, { ...swarm, intervalMs: 5, signal: interrupt.signal })
  expect(first).toEqual([{ stack: 'shop', state: 'interrupted', error: reason }])
  const changed = swarm.changes.length
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(swarm.changes).toHaveLength(changed)
  expect(await remove(swarm)).toEqual([{ stack: 'shop', state: 'removed' }])
  expect(swarm.left()).toEqual(othersLeft)
  expect(swarm.leaks).toEqual([])
})

test('a stack whose removal fails does not keep the others from theirs', async () => {
  const other: RawSwarm = { ...shop, tasks: [...(shop.tasks ?? []), task('t5', { of: 'other_app', stack: 'other' })] }
  await using swarm = await playSwarm(other, { faults: { 'DELETE /services/shopweb': Array(10_000).fill(500) } })
  const deadlines = { objectsMs: 400 }
  const outcomes = await remove(swarm, { deadlines: { ...deadlines, tasksMs: 5_000, downNodeMs: 50 } }, 'shop', 'other')
  expect(outcomes).toMatchObject([
    { state: 'failed', error: { seen: expect.stringContaining('shop_web is refused with 500: played 500') } },
    { state: 'removed' },
  ])
})

test.each([1, 2])('no more than %i stacks are removed at once', async (atOnce) => {
  const names = ['a', 'b', 'c', 'd']
  const services = names.map((stack) => service(`${stack}_app`, { stack }))
  const networks = names.map((stack) => network(`${stack}net`, { stack }))
  await using swarm = await playSwarm({ services, networks })
  expect(await remove(swarm, { atOnce }, ...names)).toHaveLength(4)
  const open = swarm.changes.map((_, index) => {
    const begun = swarm.changes.slice(0, index + 1).filter((change) => change.includes('/services/')).length
    return begun - swarm.changes.slice(0, index).filter((change) => change.includes('/networks/')).length
  })
  expect(Math.max(...open)).toBe(atOnce)
})

test('what belongs to a live run is not touched', async () => {
  const labels = {
    'pvcheck.run': '20261120T115900Z-3f2a',
    'pvcheck.owner': 'lab',
    'pvcheck.expires': '2026-11-20T13:00:00Z',
  }
  await using swarm = await playSwarm({ ...shop, networks: [proxy, network('shopnet', { stack: 'shop', labels })] })
  expect(await remove(swarm)).toMatchObject([{ state: 'refused' }])
  expect(swarm.changes).toEqual([])
})

test('what it waits for is told as it changes', async () => {
  const told: string[] = []
  await using swarm = await playSwarm(shop, { lives: { t1: 3, t2: 1 } })
  await remove(swarm, { onProgress: (stack, what) => told.push(`${stack} ${what}`) })
  expect(told[0]).toBe('shop services: shop_web is being removed; shop_db is being removed')
  expect(told).toContain('shop waits for task t1 (running on one since 2026-11-20T11:59:00Z)')
  expect(new Set(told).size).toBe(told.length)
})
