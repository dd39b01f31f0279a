import { expect, test } from 'vitest'
import { censusSchema } from '../../model/census.ts'
import { type Network, networks } from '../../model/facts/networks.ts'
import type { Waiting } from '../network/waiting.ts'
import { planWalk, type WalkPlan, type WalkWish } from './plan-walk.ts'
import { poolOf } from './pool.ts'

const settings = censusSchema.parse({})
/** As much as a whole /16 takes. */
const generous = censusSchema.parse({ maxEngineGrowthMiB: 1024 })

function networkOf(subnets: readonly string[], more: Partial<Network> = {}): Network {
  const config = subnets.map((Subnet) => ({ Subnet, Gateway: '', IPRange: '' }))
  const base = { Id: 'net0123456789', Name: 'proxy', Created: '', Scope: 'swarm', Driver: 'overlay' }
  const [network] = networks.schema.parse([{ ...base, IPAM: { Driver: 'default', Config: config }, ...more }])
  if (network === undefined) throw new Error('no network')
  return network
}

function wishFor(network: Network | undefined, more: Partial<WalkWish> & { held?: number } = {}): WalkWish {
  const { held = 0, ...rest } = more
  const pools = (network?.IPAM.Config ?? []).flatMap((pool) => poolOf(pool) ?? [])
  const capacity = pools.reduce((sum, pool) => sum + pool.capacity, 0)
  const ledger = { pools, capacity, free: capacity - held, engine: undefined }
  return { name: 'proxy', network, ledger, settings, waiting: [], ports: 100, ...rest }
}

function planFor(wish: WalkWish): WalkPlan {
  const decision = planWalk(wish)
  if (decision.state === 'refuse') throw new Error(`${decision.refusal.code}: ${decision.refusal.seen}`)
  return decision.plan
}

function codeOf(wish: WalkWish): string {
  const decision = planWalk(wish)
  return decision.state === 'refuse' ? decision.refusal.code : 'walk'
}

test.each([
  ['10.0.0.0/28', 'tasks', 3],
  ['10.0.0.0/27', 'tasks', 7],
  ['10.0.0.0/26', 'vip', 15],
  ['10.0.0.0/24', 'vip', 63],
  ['10.0.0.0/20', 'tasks', 1023],
  ['10.0.0.0/16', 'tasks', 2048],
])('%s is walked by %s, at most %d at once', (subnet, kind, atOnce) => {
  expect(planFor(wishFor(networkOf([subnet]), { settings: generous }))).toMatchObject({
    kind,
    atOnce,
    isWindow: false,
  })
})

test('a lap takes about as long as was measured', () => {
  expect(planFor(wishFor(networkOf(['10.0.0.0/24']))).estimatedMs).toBeLessThan(3_000)
  expect(planFor(wishFor(networkOf(['10.0.0.0/20']))).estimatedMs).toBeLessThan(6_000)
  const wide = networkOf(['10.0.0.0/16'])
  expect(planFor(wishFor(wide, { settings: generous })).estimatedMs).toBeLessThan(60_000)
})

test('a lap that would make dockerd grow by more than it may is not begun', () => {
  expect(codeOf(wishFor(networkOf(['10.0.0.0/16'])))).toBe('TOO_HEAVY')
  expect(codeOf(wishFor(networkOf(['10.0.0.0/16']), { window: 20_000 }))).toBe('walk')
  expect(codeOf(wishFor(networkOf(['10.0.0.0/18'])))).toBe('walk')
})

test('near the floor only tasks ask, for they go without an address quietly', () => {
  const plan = planFor(wishFor(networkOf(['10.0.0.0/24']), { held: 253 - 20 }))
  expect(plan).toMatchObject({ kind: 'tasks', nearFloor: true, atOnce: 5 })
})

test('a window walks that much and no more', () => {
  const plan = planFor(wishFor(networkOf(['10.0.0.0/16']), { window: 500 }))
  expect(plan).toMatchObject({ addresses: 500, isWindow: true })
  expect(plan.estimatedMs).toBeLessThan(5_000)
  expect(planFor(wishFor(networkOf(['10.0.0.0/24']), { window: 500 })).isWindow).toBe(false)
})

test('ingress has a kind of its own, and holds no more than there are ports', () => {
  const ingress = networkOf(['10.0.0.0/24'], { Ingress: true, Name: 'ingress' })
  expect(planFor(wishFor(ingress, { ports: 10 }))).toMatchObject({ kind: 'ingress', atOnce: 10, nearFloor: false })
  expect(codeOf(wishFor(ingress, { ports: 0 }))).toBe('NO_PORTS')
  // Its canaries write the signature of exhaustion where they go without: it wants more room.
  expect(codeOf(wishFor(ingress, { held: 253 - 31 }))).toBe('TOO_FULL')
  expect(codeOf(wishFor(ingress, { held: 253 - 32 }))).toBe('walk')
})

test('several subnets take longer than one of their size', () => {
  const one = planFor(wishFor(networkOf(['10.0.0.0/24']))).estimatedMs
  expect(planFor(wishFor(networkOf(['10.0.0.0/25', '10.0.1.0/25']))).estimatedMs).toBeGreaterThan(2 * one)
})

test('what is not an overlay with addresses of its own is refused', () => {
  expect(codeOf({ ...wishFor(undefined), ledger: undefined })).toBe('NETWORK_MISSING')
  expect(codeOf(wishFor(networkOf(['10.0.0.0/24'], { Driver: 'bridge', Scope: 'local' })))).toBe('NOT_OVERLAY')
  expect(codeOf(wishFor(networkOf(['10.0.0.0/24'], { Driver: 'macvlan' })))).toBe('NOT_OVERLAY')
  expect(codeOf(wishFor(networkOf([], { Driver: '' })))).toBe('NOT_ALLOCATED')
  expect(codeOf(wishFor(networkOf([])))).toBe('NOT_ALLOCATED')
  expect(codeOf(wishFor(networkOf(['fd00::/64'])))).toBe('IPV6_ONLY')
  const foreign = networkOf([], {
    IPAM: { Driver: 'weave', Config: [{ Subnet: '10.0.0.0/24', Gateway: '', IPRange: '' }] },
  })
  expect(codeOf(wishFor(foreign))).toBe('OTHER_IPAM')
})

test('a network with little room is refused, a full one by another code', () => {
  const network = networkOf(['10.0.0.0/24'])
  expect(codeOf(wishFor(network, { held: 253 - 8 }))).toBe('walk')
  expect(codeOf(wishFor(network, { held: 253 - 7 }))).toBe('TOO_FULL')
  expect(codeOf(wishFor(network, { held: 253 }))).toBe('FULL')
})

test('the count of the engine goes before that of the API', () => {
  const network = networkOf(['10.0.0.0/24'])
  const wish = wishFor(network)
  const engineSays = (free: number) => {
    if (wish.ledger === undefined) throw new Error('no ledger')
    return { ...wish, ledger: { ...wish.ledger, engine: { inUse: 256 - free, free, unexplained: 253 - free } } }
  }
  expect(codeOf(engineSays(3))).toBe('TOO_FULL')
  expect(planFor(engineSays(40)).atOnce).toBe(10)
})

test('while a service waits for an address nothing is walked: each removal would leak', () => {
  const full = networkOf(['10.9.0.0/29'], { Id: 'full01234567', Name: 'full' })
  const waits = (forMs: number): Waiting => ({
    name: 'shop_app',
    networks: 2,
    withoutVip: [full],
    newTasks: 1,
    refusedNodes: 0,
    candidates: [full],
    forMs,
  })
  const network = networkOf(['10.0.0.0/24'])
  const decision = planWalk(wishFor(network, { waiting: [waits(60_000)] }))
  expect(decision).toMatchObject({ state: 'refuse', refusal: { code: 'SERVICE_WAITS' } })
  if (decision.state !== 'refuse') throw new Error('walked')
  expect(decision.refusal.seen).toBe('shop_app waits for an address on full (full01234567), for 1 min')
  expect(decision.refusal.remedy).toContain('docker service rm shop_app')
  // One that was created a moment ago is about to be served.
  expect(codeOf(wishFor(network, { waiting: [waits(500)] }))).toBe('walk')
})

test('a network too wide for the time that a walk may take is refused, and its window is not', () => {
  const wide = networkOf(['10.0.0.0/8'])
  expect(codeOf(wishFor(wide))).toBe('TOO_LONG')
  expect(codeOf(wishFor(wide, { window: 4096 }))).toBe('walk')
})
