import { describe, expect, test } from 'vitest'
import { describePlan } from './describe-plan.ts'
import { planRemoval } from './plan-removal.ts'
import { factsOf, kept, network, node, now, proxy, type RawSwarm, service, task, up } from './testing/swarm.ts'

const own = network('shop_net', { stack: 'shop' })
const web = service('shop_web', {
  stack: 'shop',
  on: ['shop_net', 'proxy'],
  vips: { shop_net: '10.1.0.2/24', proxy: '10.10.0.2/24' },
  configs: ['shopsite'],
  secrets: ['shopkey'],
})
const running = task('t1', { of: 'shop_web', stack: 'shop', on: { shop_net: '10.1.0.3/24', proxy: '10.10.0.3/24' } })
const shop: Required<Pick<RawSwarm, 'services' | 'tasks' | 'networks' | 'configs' | 'secrets'>> = {
  services: [web, service('other_app', { stack: 'other', on: ['proxy'] })],
  tasks: [running, task('t0', { of: 'shop_web', stack: 'shop', state: 'shutdown', on: { proxy: '10.10.0.3/24' } })],
  networks: [proxy, own, network('other_net', { stack: 'other' })],
  configs: [kept('shop_site', 'shop'), kept('other_site', 'other')],
  secrets: [kept('shop_key', 'shop')],
}
const linesFor = (raw: RawSwarm, ...names: string[]): readonly string[] =>
  describePlan(planRemoval(names, factsOf(raw)))

test('a stack goes with what its label says, and nothing else', () => {
  expect(linesFor(shop, 'shop', 'shop')).toEqual([
    'shop:',
    '  services: shop_web, then wait for their tasks to end',
    '  networks: shop_net',
    '  configs: shop_site',
    '  secrets: shop_key',
    '  gives back on proxy (proxy): 1 VIP (10.10.0.2), 1 task address (10.10.0.3)',
  ])
})

test('all its networks are known by their ids, its own first', () => {
  expect(planRemoval(['shop'], factsOf(shop)).stacks[0]?.networkIds).toEqual(['shop_net', 'proxy'])
})

describe('what others use stays:', () => {
  test.each<[string, RawSwarm, string]>([
    [
      'a network with a service of another stack',
      { services: [web, service('guest', { on: ['shop_net'] })] },
      '  stays: network shop_net, as long as it is used by the service guest',
    ],
    [
      'a network that another service names, not its id',
      { services: [web, service('guest', { on: ['net1'] })], networks: [{ ...own, Id: 'x', Name: 'net1' }] },
      '  stays: network net1, as long as it is used by the service guest',
    ],
    [
      'a network with a container that no service started',
      { attached: [task('t9', { on: { shop_net: '10.1.0.9/24' } })] },
      '  stays: network shop_net, as long as it is used by an attached container on one (task t9)',
    ],
    [
      'a config',
      { services: [web, service('guest', { configs: ['shopsite'] })] },
      '  stays: config shop_site, as long as it is used by the service guest',
    ],
    [
      'a secret',
      { services: [web, service('guest', { secrets: ['shopkey'] })] },
      '  stays: secret shop_key, as long as it is used by the service guest',
    ],
  ])('%s', (_, change, line) => {
    expect(linesFor({ ...shop, ...change }, 'shop')).toContain(line)
  })

  test('but not what a stack uses that goes as well', () => {
    const services = [web, service('guest_app', { stack: 'guest', on: ['shop_net'] })]
    expect(linesFor({ ...shop, services }, 'shop', 'guest')).toContain('  networks: shop_net')
  })

  test('and not what only an ended container used', () => {
    const attached = [task('t9', { state: 'shutdown', on: { shop_net: '10.1.0.9/24' } })]
    expect(linesFor({ ...shop, attached }, 'shop')).toContain('  networks: shop_net')
  })
})

test.each([
  ['ingress', { ...network('ingress', { stack: 'shop' }), Ingress: true }],
  ['a network of the node alone', { ...network('local', { stack: 'shop' }), Scope: 'local' }],
  ['an external network', proxy],
])('%s is no network of a stack', (_, given) => {
  expect(planRemoval(['shop'], factsOf({ ...shop, networks: [given] })).stacks[0]?.networks).toEqual([])
})

test('services that a removal has taken away already leave tasks to wait for', () => {
  const raw = { ...shop, services: [], configs: [], secrets: [] }
  expect(linesFor(raw, 'shop')).toEqual([
    'shop:',
    '  first: wait for 1 task of services that are gone already',
    '  networks: shop_net',
    '  gives back on proxy (proxy): 1 task address (10.10.0.3)',
  ])
})

test.each([
  [
    'a member that is called otherwise',
    service('web', { stack: 'shop' }),
    'web goes with it, whatever its name says: its label com.docker.stack.namespace says shop',
  ],
  [
    'a service that is only called like a member',
    service('shop_old'),
    'shop_old stays, though it is called like one of shop: it has no label com.docker.stack.namespace',
  ],
  [
    'one of another stack',
    service('shop_b', { stack: 'b' }),
    'shop_b stays, though it is called like one of shop: its label says b',
  ],
])('%s is pointed out', (_, given, note) => {
  expect(planRemoval(['shop'], factsOf({ ...shop, services: [web, given] })).stacks[0]?.notes).toEqual([note])
})

test.each([
  ['shpo', 'shpo: there is no such stack; near: shop'],
  ['SHOP', 'SHOP: there is no such stack; near: shop'],
  ['sho', 'sho: there is no such stack; near: shop'],
  ['nothing', 'nothing: there is no such stack'],
  ['', ': there is no such stack'],
])('the unknown name %j has its neighbours', (name, line) => {
  expect(linesFor({ ...shop, services: [web, service('plain')] }, name)).toEqual([line])
})

test('services without the label are named where nothing has it', () => {
  expect(linesFor({ services: [service('old_web')] }, 'old')).toEqual([
    'old: there is no such stack; called so, but without its label: old_web',
  ])
})

test('what a down node keeps is said, with the moment at which it is given up', () => {
  const nodes = [up, node('two', 'down', '2026-11-20T10:00:00Z')]
  const tasks = [task('t2', { of: 'shop_web', stack: 'shop', node: 'two', on: { proxy: '10.10.0.4/24' } })]
  const lines = linesFor({ ...shop, nodes, tasks }, 'shop')
  expect(lines.filter((line) => line.startsWith('  stays'))).toEqual([
    '  stays: task t2 on two, which is down: it holds 10.10.0.4 on proxy until two is back or removed (`docker node rm --force two`), or else until the engine gives it up, by 2026-11-21T10:00:00.000Z, 24 h after it went down; a change of the leading manager starts the 24 h anew',
  ])
  expect(lines.filter((line) => line.startsWith('  gives'))).toEqual([
    '  gives back on proxy (proxy): 1 VIP (10.10.0.2)',
  ])
})

describe('while a service waits for an address on a full network', () => {
  const tiny = network('tiny', { subnet: '10.2.0.0/30' })
  const full = service('full', { on: ['tiny'], vips: { tiny: '10.2.0.2/30' } })
  const waiter = service('waiter', { stack: 'late', on: ['proxy', 'tiny', 'shop_net'], vips: {} })
  const raw = { ...shop, networks: [...shop.networks, tiny], services: [web, full, waiter] }

  test('the price of a removal comes first, with its remedy', () => {
    const [remedy, price, stack] = linesFor(raw, 'shop')
    expect(remedy).toBe('first: `docker service rm waiter`, or take it off tiny (tiny)')
    expect(price).toBe(
      '  waiter waits for an address on tiny (tiny); until it no longer does, each task that ends and each service that goes may leak one address on proxy (proxy), 250 free at most: up to 2 on each by this removal',
    )
    expect(stack).toBe('shop:')
  })

  test('its own stack goes before the others', () => {
    const plan = planRemoval(['shop', 'late'], factsOf(raw))
    expect(plan.stacks.map(({ name }) => name)).toEqual(['late', 'shop'])
    expect(plan.prices).toMatchObject([{ service: 'waiter', goesFirst: true, times: 0 }])
  })

  test.each([
    ['names the full network first', service('waiter', { on: ['tiny', 'proxy'], vips: {} })],
    ['is on no other network', service('waiter', { on: ['tiny'], vips: {} })],
    ['has all its VIPs', service('waiter', { on: ['proxy', 'tiny'] })],
  ])('a service that %s costs nothing', (_, given) => {
    expect(planRemoval(['shop'], factsOf({ ...raw, services: [web, full, given] })).prices).toEqual([])
  })

  test('nothing costs what removes no service', () => {
    expect(planRemoval(['nobody'], factsOf(raw)).prices).toEqual([])
  })
})

describe('what carries the mark of pvcheck', () => {
  const run = '20261120T115900Z-3f2a'
  const marked = (expires: string): RawSwarm => ({
    ...shop,
    services: [
      service('shop_web', {
        stack: 'shop',
        labels: { 'pvcheck.run': run, 'pvcheck.owner': 'lab', 'pvcheck.expires': expires },
      }),
    ],
  })

  test.each([
    [
      'of a run whose lease holds',
      '2026-11-20T12:00:01Z',
      `it belongs to the run ${run} of pvcheck until 2026-11-20T12:00:01Z`,
    ],
    ['that cannot be read', 'soon', 'its mark of pvcheck cannot be read: `pvcheck.expires` is no moment'],
  ])('%s is refused', (_, expires, why) => {
    expect(linesFor(marked(expires), 'shop')).toEqual([`shop: is not removed: ${why}`])
  })

  test('of a run that is over, or of the run that asks, is removed', () => {
    expect(planRemoval(['shop'], factsOf(marked(now))).stacks[0]?.refusal).toBeUndefined()
    expect(planRemoval(['shop'], factsOf(marked('2026-11-20T13:00:00Z')), run).stacks[0]?.refusal).toBeUndefined()
  })
})

test('the time that its slowest container may take to stop is known', () => {
  const services = [service('shop_a', { stack: 'shop', stopGraceNs: 90e9 }), service('shop_b', { stack: 'shop' })]
  expect(planRemoval(['shop'], factsOf({ ...shop, services })).stacks[0]?.stopGraceMs).toBe(90_000)
})
