import { expect, test } from 'vitest'
import type { EngineAnswer } from '../../reach/engine/reader.ts'
import { createEngineClock } from './engine-clock.ts'
import { createHoldView } from './hold-view.ts'
import { fenceLabel } from './lock-object.ts'
import { createSwarmConfigs } from './testing/swarm-configs.ts'

const noon = Date.parse('2026-11-20T12:00:00Z')
const run = '20261120T115900Z-000a'

/** A Swarm with a lock of the run that ends a minute from now, and a view of it. */
function viewed() {
  const swarm = createSwarmConfigs(noon)
  let reads = 0
  let asleepMs = 0
  const ask = async (path: string): Promise<EngineAnswer> => {
    if (path !== '/info') reads += 1
    return { what: `GET ${path}`, startedAt: '', durationMs: 0, ...swarm.handle('GET', path) }
  }
  const local = { monotonicMs: () => swarm.nowMs - asleepMs, wallMs: () => swarm.nowMs }
  const engine = { configs: () => ask('/configs') }
  const view = createHoldView({
    engine,
    clock: createEngineClock({ info: () => ask('/info') }, local),
    run,
    createSeconds: 15,
  })
  const lock = (expiresMs: number, more: Record<string, string> = {}) => ({
    Name: 'pvcheck-lock',
    Data: 'eA==',
    Labels: {
      'pvcheck.run': run,
      'pvcheck.owner': 'a',
      'pvcheck.expires': new Date(expiresMs).toISOString(),
      ...more,
    },
  })
  const made = swarm.handle('POST', '/configs/create', lock(noon + 60_000)).body as { ID: string }
  const change = (expiresMs: number, more?: Record<string, string>) => {
    const version = (swarm.handle('GET', '/configs').body as { Version: { Index: number } }[])[0]?.Version.Index
    const path = `/configs/${made.ID}/update?version=${version}`
    expect(swarm.handle('POST', path, lock(expiresMs, more)).status).toBe(200)
  }
  return {
    swarm,
    view,
    change,
    remove: () => swarm.handle('DELETE', `/configs/${made.ID}`),
    put: () => swarm.handle('POST', '/configs/create', lock(swarm.nowMs + 60_000)),
    reads: () => reads,
    sleep: (ms: number) => {
      swarm.nowMs += ms
      asleepMs += ms
    },
  }
}
const lost = (seen: string) => ({ code: 'LOCK_LOST', seen: expect.stringContaining(seen) })

test('costs nothing while enough of the lease is left, and finds a renewal of it then', async () => {
  const { swarm, view, change, reads } = viewed()
  await view.assert()
  swarm.nowMs += 40_000
  await view.assert()
  expect(reads()).toBe(1)
  change(noon + 120_000)
  swarm.nowMs += 10_000
  await view.assert()
  expect(reads()).toBe(2)
})

test('that nobody renews is lost as soon as too little is left for a create, and for good', async () => {
  const { swarm, view, change } = viewed()
  await view.assert()
  swarm.nowMs += 45_000
  await expect(view.assert()).rejects.toMatchObject(lost('too little of its lease'))
  change(noon + 120_000)
  await expect(view.assert()).rejects.toMatchObject(lost('too little of its lease'))
})

test('a machine that slept through the lease knows at once, by the clock that went on', async () => {
  const { view, sleep, reads } = viewed()
  await view.assert()
  sleep(61_000)
  await expect(view.assert()).rejects.toMatchObject(lost('too little of its lease'))
  expect(reads()).toBe(2)
})

test('a machine that slept, and whose run was renewed by somebody awake, goes on', async () => {
  const { view, sleep, change } = viewed()
  await view.assert()
  sleep(50_000)
  change(noon + 120_000)
  await view.assert()
})

test.each<[string, string, (viewed_: ReturnType<typeof viewed>) => void]>([
  ['removed', 'it has been removed', ({ remove }) => void remove()],
  ['fenced', 'taken it over', ({ change }) => change(noon + 60_000, { [fenceLabel]: 'x' })],
  [
    'of another run',
    'the run 20261120T115900Z-000b holds it',
    ({ change }) => change(noon + 60_000, { 'pvcheck.run': '20261120T115900Z-000b' }),
  ],
  [
    'without its mark',
    'labels have been changed',
    ({ change }) => change(noon + 60_000, { 'pvcheck.expires': 'never' }),
  ],
])('is lost when the lock is %s', async (_title, seen, happen) => {
  const all = viewed()
  await all.view.assert()
  happen(all)
  all.swarm.nowMs += 50_000
  await expect(all.view.assert()).rejects.toMatchObject(lost(seen))
})

test('a lock made anew under the same name is another one', async () => {
  const { swarm, view, remove, put } = viewed()
  await view.assert()
  remove()
  put()
  swarm.nowMs += 50_000
  await expect(view.assert()).rejects.toMatchObject(lost('taken it over'))
})

test('is not there from the beginning', async () => {
  const { view, remove } = viewed()
  remove()
  await expect(view.assert()).rejects.toMatchObject(lost('it has been removed'))
})

test('what may pass is no loss', async () => {
  const swarm = createSwarmConfigs(noon)
  let status = 503
  const answer = (body: unknown): EngineAnswer => ({ what: 'GET', startedAt: '', durationMs: 0, status, body })
  const labels = { 'pvcheck.run': run, 'pvcheck.owner': 'a', 'pvcheck.expires': '2026-11-20T12:01:00.000Z' }
  const view = createHoldView({
    engine: {
      configs: async () =>
        answer([{ ID: 'c1', Version: { Index: 1 }, CreatedAt: '', Spec: { Name: 'pvcheck-lock', Labels: labels } }]),
    },
    clock: createEngineClock({ info: async () => ({ ...answer(swarm.handle('GET', '/info').body), status: 200 }) }),
    run,
    createSeconds: 15,
  })
  await expect(view.assert()).rejects.toMatchObject({ code: 'LOCK_UNREADABLE' })
  status = 200
  await view.assert()
})

test('whoever has called it off is not let through', async () => {
  const { view } = viewed()
  await expect(view.assert({ signal: AbortSignal.abort(new Error('called off')) })).rejects.toThrow('called off')
})
