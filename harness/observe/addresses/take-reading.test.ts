import { expect, test } from 'vitest'
import type { EngineAnswer, EngineReader } from '../../reach/engine/reader.ts'
import { bodyOf } from '../asker.ts'
import { takeReading } from './take-reading.ts'

const at = '2026-11-20T10:00:00Z'
const overlay = {
  ...{ Id: 'net-one', Name: 'proxy', Created: at, Scope: 'swarm', Driver: 'overlay' },
  IPAM: { Config: [{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }] },
}
const task = (ID: string, State = 'running') => ({
  ...{ ID, CreatedAt: at, NodeID: 'one', DesiredState: 'running', Status: { Timestamp: at, State } },
  NetworksAttachments: [{ Network: { ID: 'net-one' }, Addresses: [`10.0.1.${ID.length}/24`] }],
})

async function refuse(): Promise<never> {
  throw new Error('nobody asks for that')
}
const untouched = {
  ...{ version: refuse, swarm: refuse, service: refuse, containers: refuse, container: refuse, volumes: refuse },
  ...{ images: refuse, serviceLogs: refuse, configs: refuse, config: refuse, secrets: refuse, secret: refuse },
  events: refuse,
}

/** Answers by path, and what was asked in which order; a list of answers is given one after the other, the last one for good. */
function engineOf(tasks: readonly unknown[], { api = '1.41', gone = false } = {}) {
  const asked: string[] = []
  let turn = 0
  const answer = (path: string, body: unknown, status = 200): EngineAnswer => {
    asked.push(path)
    return { what: `GET /v${api}${path}`, startedAt: at, durationMs: 1, status, body }
  }
  const status = { IPAM: { Subnets: { '10.0.1.0/24': { IPsInUse: 4, DynamicIPsAvailable: 252 } } } }
  const engine: EngineReader = {
    ...untouched,
    info: async () =>
      answer('/info', {
        Name: 'a',
        SystemTime: at,
        Swarm: { NodeID: 'one', LocalNodeState: 'active', ControlAvailable: true },
      }),
    networks: async () => answer('/networks', [overlay]),
    nodes: async () => answer('/nodes', []),
    services: async () => answer('/services', []),
    tasks: async (options) => {
      if (options?.filters !== undefined) return answer('/attached', [])
      turn += 1
      return answer('/tasks', tasks[Math.min(turn, tasks.length) - 1])
    },
    network: async (id) => {
      if (gone) return answer(`/networks/${id}`, { message: 'not found' }, 404)
      const Containers = { 'lb-proxy': { Name: 'proxy-endpoint', IPv4Address: '10.0.1.9/24' } }
      return answer(`/networks/${id}`, id === 'net-one' ? { Containers } : { Status: status })
    },
  }
  return { asked, engine }
}

function take(
  tasks: readonly unknown[],
  options: { readonly api?: string; readonly gone?: boolean } = {},
  signal?: AbortSignal,
) {
  const { asked, engine } = engineOf(tasks, options)
  const ask = async (_path: string, call: (hand: EngineReader) => Promise<EngineAnswer>) => bodyOf(await call(engine))
  return { asked, taken: takeReading(ask, { signal }) }
}

test('services are read once, and all else on both sides of them', async () => {
  const { asked, taken } = take([[task('a')]])
  const reading = await taken
  expect(reading).toMatchObject({
    moved: false,
    balancers: [{ networkId: 'net-one', nodeId: 'one', address: '10.0.1.9' }],
  })
  expect(reading.balancersOf).toEqual(['one'])
  expect(asked.filter((path) => path === '/services')).toHaveLength(1)
  expect(asked.indexOf('/services')).toBeGreaterThan(asked.indexOf('/tasks'))
  expect(asked.indexOf('/services')).toBeLessThan(asked.lastIndexOf('/tasks'))
})

test('below API 1.52 no count is asked for, and from there on by the beginning of the id', async () => {
  const before = take([[task('a')]], { api: '1.51' })
  expect((await before.taken).counts).toEqual({})
  expect(before.asked).not.toContain('/networks/net-on')
  const now = take([[task('a')]], { api: '1.52' })
  expect((await now.taken).counts).toEqual({ 'net-one': { '10.0.1.0/24': { inUse: 4, free: 252 } } })
  expect(now.asked.filter((path) => path === '/networks/net-on')).toHaveLength(2)
})

test('a task that came meanwhile makes it read again, and what is read then agrees', async () => {
  const { asked, taken } = take([[task('a')], [task('a'), task('bb')]])
  const { moved, lists } = await taken
  expect(moved).toBe(false)
  expect(lists.tasks.map(({ ID }) => ID)).toEqual(['a', 'bb'])
  expect(asked.filter((path) => path === '/services')).toHaveLength(2)
})

test('a task that only starts, or one that ended long ago, moves nothing', async () => {
  const { asked, taken } = take([[task('a', 'starting'), task('bb', 'failed')], [task('a')]])
  expect((await taken).moved).toBe(false)
  expect(asked.filter((path) => path === '/services')).toHaveLength(1)
})

test('a task whose node has made its load balancer only meanwhile makes it read again', async () => {
  const { asked, taken } = take([[task('a', 'preparing')], [task('a')]])
  expect((await taken).moved).toBe(false)
  expect(asked.filter((path) => path === '/networks/net-one')).toHaveLength(2)
})

test('where it never holds still, that is said', async () => {
  const { taken } = take(Array.from({ length: 9 }, (_, turn) => [task('x'.repeat(turn + 1))]))
  expect((await taken).moved).toBe(true)
})

test('a network that is gone by the time it is asked for has no load balancer', async () => {
  expect((await take([[task('a')]], { gone: true }).taken).balancers).toEqual([])
})

test('an abort ends it', async () => {
  await expect(take([[task('a')]], {}, AbortSignal.abort(new Error('enough'))).taken).rejects.toThrow('enough')
})
