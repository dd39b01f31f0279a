import { Agent } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { labelsOf } from '../../model/mark.ts'
import { createReader } from '../../reach/engine/read.ts'
import type { EngineAnswer } from '../../reach/engine/reader.ts'
import { createWriter } from '../../reach/engine/write.ts'
import { createEngineClock } from './engine-clock.ts'
import type { Hold, LockParts } from './hold.ts'
import { takeLock } from './lock.ts'
import { createSwarmConfigs, listen, type SwarmConfigs } from './testing/swarm-configs.ts'
import { type Actor, everyOrder } from './testing/turns.ts'

const noon = Date.parse('2026-11-20T12:00:00Z')
const runs = { A: '20261120T115900Z-000a', B: '20261120T115901Z-000b', H: '20261120T090000Z-000f' }
type Who = keyof typeof runs

/** What a run says of its lock in its own file. */
function notebook() {
  const lines: string[] = []
  const note = (line: string) => async (kind: string, name: string) => void lines.push(`${line} ${kind} ${name}`)
  return { lines, intents: { intend: note('intend'), created: note('created'), gone: note('gone') } }
}

type Hands = Pick<LockParts, 'engine' | 'writer' | 'clock'>

function partsOf(hands: Hands, who: Who, intents = notebook().intents): LockParts {
  return { ...hands, intents, run: runs[who], owner: `team-${who}`, leaseSeconds: 60, createSeconds: 15 }
}

/** Hands that reach into the Swarm without a network; `step` is awaited before each request about configs. */
function handsOn(swarm: SwarmConfigs, step: () => Promise<void> = async () => undefined): Hands {
  const ask = async (method: string, path: string, body?: unknown): Promise<EngineAnswer> => {
    if (path !== '/info') await step()
    return { what: `${method} ${path}`, startedAt: '', durationMs: 0, ...swarm.handle(method, path, body) }
  }
  const local = { monotonicMs: () => swarm.nowMs, wallMs: () => swarm.nowMs }
  return {
    clock: createEngineClock({ info: () => ask('GET', '/info') }, local),
    engine: {
      configs: (options) => ask('GET', `/configs?filters=${encodeURIComponent(JSON.stringify(options?.filters))}`),
    },
    writer: {
      createConfig: (spec) => ask('POST', '/configs/create', spec),
      updateConfig: (id, version, spec) => ask('POST', `/configs/${id}/update?version=${version}`, spec),
      removeConfig: (id) => ask('DELETE', `/configs/${id}`),
    },
  }
}

/** The same, as another machine reaches it: over http. */
async function handsOver(swarm: SwarmConfigs): Promise<Hands> {
  const { server, port } = await listen(swarm)
  onTestFinished(() => void server.close())
  const way = {
    kind: 'tcp',
    protocol: 'http',
    host: '127.0.0.1',
    port,
    agent: new Agent({ keepAlive: false }),
  } as const
  const link = { way, label: 'test', apiVersion: '1.41', timeoutMs: 5000 }
  const engine = createReader(link)
  return { engine, writer: createWriter(link), clock: createEngineClock(engine) }
}

const wait = (swarm: SwarmConfigs, seconds: number) => {
  swarm.nowMs += seconds * 1000
}
const readLock = (swarm: SwarmConfigs) => swarm.handle('GET', '/configs').body
interface Lock {
  readonly ID: string
  readonly Spec: { readonly Labels: Readonly<Record<string, string>> }
}
/** The one config that there is. */
function lockIn(swarm: SwarmConfigs): Lock {
  const [lock, ...others] = readLock(swarm) as Lock[]
  if (lock === undefined || others.length > 0) throw new Error('there is not one lock')
  return lock
}

describe('the lock', () => {
  test('is a config that says whose it is, until when, and what it is for', async () => {
    const swarm = createSwarmConfigs(noon)
    const { lines, intents } = notebook()
    const hold = await takeLock(partsOf(await handsOver(swarm), 'A', intents))
    const mark = { run: runs.A, owner: 'team-A', expires: '2026-11-20T12:01:00.000Z' }
    expect(readLock(swarm)).toMatchObject([{ Spec: { Name: 'pvcheck-lock', Labels: labelsOf(mark) } }])
    expect(hold.mark()).toEqual(mark)
    await hold.assert()
    expect(lines).toEqual(['intend config pvcheck-lock', 'created config pvcheck-lock'])
    await hold.release()
    expect([swarm.names(), lines.at(-1)]).toEqual([[], 'gone config pvcheck-lock'])
  })

  test('is held by one: another is told who, since when, until when, and how to clear it', async () => {
    const swarm = createSwarmConfigs(noon)
    swarm.handle('POST', '/configs/create', { Name: 'pvcheck-lock-of-somebody', Labels: {}, Data: 'eA==' })
    await takeLock(partsOf(await handsOver(swarm), 'A'))
    wait(swarm, 30)
    const { lines, intents } = notebook()
    await expect(takeLock(partsOf(await handsOver(swarm), 'B', intents))).rejects.toMatchObject({
      code: 'LOCK_HELD',
      exit: 'locked',
      seen: `the run ${runs.A} of \`team-A\` holds the lock of this Swarm since 2026-11-20T12:00:00.000Z, until 2026-11-20T12:01:00.000Z where it does not renew it; the engine's clock shows 2026-11-20T12:00:30.000Z`,
      remedy: expect.stringMatching(/from 2026-11-20T12:01:10.000Z on.*docker config rm pvcheck-lock/),
    })
    expect(lines).toEqual(['intend config pvcheck-lock', 'gone config pvcheck-lock'])
  })

  test('is taken over when it has ended and ten seconds more have gone by, and not before', async () => {
    const swarm = createSwarmConfigs(noon)
    const old = await takeLock(partsOf(handsOn(swarm), 'A'))
    wait(swarm, 69.999)
    await expect(takeLock(partsOf(handsOn(swarm), 'B'))).rejects.toMatchObject({ code: 'LOCK_HELD' })
    wait(swarm, 0.001)
    const hold = await takeLock(partsOf(await handsOver(swarm), 'B'))
    expect(hold.mark().run).toBe(runs.B)
    await expect(old.assert()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    await old.release()
    await hold.renew()
    expect(swarm.names()).toEqual(['pvcheck-lock'])
  })

  test.each([
    ['no labels', undefined],
    ['labels of somebody else', { 'com.docker.stack.namespace': 'x' }],
    ['a damaged mark', { 'pvcheck.run': runs.A, 'pvcheck.owner': 'x', 'pvcheck.expires': 'long ago' }],
  ])('with %s is left alone', async (_title, Labels) => {
    const swarm = createSwarmConfigs(noon)
    swarm.handle('POST', '/configs/create', { Name: 'pvcheck-lock', Labels, Data: 'eA==' })
    const before = readLock(swarm)
    await expect(takeLock(partsOf(handsOn(swarm), 'A'))).rejects.toMatchObject({ code: 'LOCK_FOREIGN', exit: 'locked' })
    expect(readLock(swarm)).toEqual(before)
  })

  test.each([-6, 6])('is not relied on where the leading manager is %i s ahead', async (seconds) => {
    const swarm = createSwarmConfigs(noon)
    swarm.leaderAheadMs = seconds * 1000
    await expect(takeLock(partsOf(handsOn(swarm), 'A'))).rejects.toMatchObject({
      code: 'LOCK_CLOCKS_APART',
      exit: 'blocked',
    })
    expect(swarm.names()).toEqual([])
  })

  test('that the Swarm refuses is none', async () => {
    const swarm = createSwarmConfigs(noon)
    const hands = handsOn(swarm)
    const refusing = async () => ({ what: 'POST /configs/create', startedAt: '', durationMs: 0, status: 503, body: '' })
    const parts = { ...partsOf(hands, 'A'), writer: { ...hands.writer, createConfig: refusing } }
    await expect(takeLock(parts)).rejects.toMatchObject({ code: 'LOCK_REFUSED', exit: 'blocked' })
  })

  test('is not taken where that cannot be written down first', async () => {
    const swarm = createSwarmConfigs(noon)
    const full = () => Promise.reject(new Error('no room left'))
    const { intents } = notebook()
    await expect(takeLock(partsOf(handsOn(swarm), 'A', { ...intents, intend: full }))).rejects.toThrow('no room left')
    await expect(takeLock(partsOf(handsOn(swarm), 'A', { ...intents, created: full }))).rejects.toThrow('no room left')
    expect(swarm.names()).toEqual([])
  })

  test('is not taken for a lease that is hardly longer than a create', async () => {
    const parts = { ...partsOf(handsOn(createSwarmConfigs(noon)), 'A'), leaseSeconds: 44 }
    await expect(takeLock(parts)).rejects.toMatchObject({ code: 'LOCK_MISUSED' })
  })
})

describe('an answer that is lost', () => {
  const losing = <Args extends unknown[]>(act: (...args: Args) => Promise<EngineAnswer>, isDone: boolean) => {
    return async (...args: Args): Promise<EngineAnswer> => {
      if (isDone) await act(...args)
      throw new Error('the answer was lost')
    }
  }

  test('to the create stands for a lock that is there', async () => {
    const swarm = createSwarmConfigs(noon)
    const hands = handsOn(swarm)
    const createConfig = losing(hands.writer.createConfig, true)
    const hold = await takeLock({ ...partsOf(hands, 'A'), writer: { ...hands.writer, createConfig } })
    await hold.assert()
    await hold.release()
    expect(swarm.names()).toEqual([])
  })

  test('to a create that may still come leaves its intent open', async () => {
    const hands = handsOn(createSwarmConfigs(noon))
    const { lines, intents } = notebook()
    const createConfig = losing(hands.writer.createConfig, false)
    const parts = { ...partsOf(hands, 'A', intents), writer: { ...hands.writer, createConfig } }
    await expect(takeLock(parts)).rejects.toThrow('the answer was lost')
    expect(lines).toEqual(['intend config pvcheck-lock'])
  })

  test('to a create that was called off removes what there is', async () => {
    const swarm = createSwarmConfigs(noon)
    const hands = handsOn(swarm)
    const controller = new AbortController()
    const engine = {
      configs: async (options?: { signal?: AbortSignal }) => {
        options?.signal?.throwIfAborted()
        return hands.engine.configs(options)
      },
    }
    const createConfig: typeof hands.writer.createConfig = async (spec) => {
      await hands.writer.createConfig(spec)
      controller.abort(new Error('called off'))
      throw controller.signal.reason
    }
    const parts = { ...partsOf(hands, 'A'), engine, writer: { ...hands.writer, createConfig } }
    await expect(takeLock(parts, { signal: controller.signal })).rejects.toThrow('called off')
    expect(swarm.names()).toEqual([])
  })

  test.each([true, false])('to a renewal counts for what the Swarm shows (made: %j)', async (isDone) => {
    const swarm = createSwarmConfigs(noon)
    const hands = handsOn(swarm)
    const { updateConfig } = hands.writer
    const writer = { ...hands.writer, updateConfig: losing(updateConfig, isDone) }
    const hold = await takeLock({ ...partsOf(hands, 'A'), writer })
    wait(swarm, 10)
    const renewed = hold.renew()
    if (isDone) await renewed
    else await expect(renewed).rejects.toThrow('the answer was lost')
    // Ten seconds later, less what a clock may have drifted in them.
    expect(hold.mark().expires).toBe(isDone ? '2026-11-20T12:01:09.990Z' : '2026-11-20T12:01:00.000Z')
    writer.updateConfig = updateConfig
    await hold.renew()
    await hold.release()
    expect(swarm.names()).toEqual([])
  })

  test('to a renewal is named, and not what came of the look after it', async () => {
    const swarm = createSwarmConfigs(noon)
    const { engine, writer, clock } = handsOn(swarm)
    const hands = { engine: { ...engine }, writer: { ...writer }, clock }
    const hold = await takeLock(partsOf(hands, 'A'))
    hands.writer.updateConfig = losing(writer.updateConfig, true)
    hands.engine.configs = () => Promise.reject(new Error('nobody answers'))
    await expect(hold.renew()).rejects.toThrow('the answer was lost')
    Object.assign(hands.engine, engine)
    Object.assign(hands.writer, writer)
    wait(swarm, 5)
    // The version has moved on without us, by a renewal that was ours.
    await hold.renew()
    await hold.renew()
    await hold.assert()
  })

  test.each([true, false])('to the removal counts for what the Swarm shows (made: %j)', async (isDone) => {
    const swarm = createSwarmConfigs(noon)
    const hands = handsOn(swarm)
    const { removeConfig } = hands.writer
    const writer = { ...hands.writer, removeConfig: losing(removeConfig, isDone) }
    const hold = await takeLock({ ...partsOf(hands, 'A'), writer })
    if (!isDone) await expect(hold.release()).rejects.toMatchObject({ code: 'LOCK_NOT_RELEASED', exit: 'residue' })
    writer.removeConfig = removeConfig
    await hold.release()
    expect(swarm.names()).toEqual([])
  })
})

test('a 404 from something before the engine does not stand for a lock that is gone', async () => {
  const swarm = createSwarmConfigs(noon)
  const { engine, writer, clock } = handsOn(swarm)
  const absent = { what: 'DELETE /configs/1', startedAt: '', durationMs: 0, status: 404, body: 'not found' }
  const { lines, intents } = notebook()
  const removeConfig = async () => absent
  const hold = await takeLock(partsOf({ engine, writer: { ...writer, removeConfig }, clock }, 'A', intents))
  await expect(hold.release()).rejects.toMatchObject({ code: 'LOCK_NOT_RELEASED' })
  expect([swarm.names(), lines]).toEqual([
    ['pvcheck-lock'],
    ['intend config pvcheck-lock', 'created config pvcheck-lock'],
  ])
})

describe('before a create', () => {
  /** A hold, and how many requests about configs have been made since it was taken. */
  async function held() {
    const swarm = createSwarmConfigs(noon)
    let asked = 0
    const count = async (): Promise<void> => {
      asked += 1
    }
    const hold = await takeLock(partsOf(handsOn(swarm, count), 'A'))
    asked = 0
    return { swarm, hold, asked: () => asked }
  }

  test('the lock costs nothing while two thirds of its lease are left, and is renewed then', async () => {
    const { swarm, hold, asked } = await held()
    wait(swarm, 19)
    await hold.assert()
    expect(asked()).toBe(0)
    wait(swarm, 2)
    await Promise.all([hold.assert(), hold.assert(), hold.assert()])
    expect([asked(), hold.mark().expires]).toEqual([2, expect.stringMatching(/^2026-11-20T12:01:2[01]/)])
  })

  test('a lease that was slept through is lost for good, even where nobody has taken it', async () => {
    const { swarm, hold, asked } = await held()
    wait(swarm, 60)
    await expect(hold.assert()).rejects.toMatchObject({ code: 'LOCK_LOST', exit: 'unknown' })
    swarm.nowMs = noon
    await expect(hold.assert()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    await expect(hold.renew()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(asked()).toBe(0)
  })

  test.each([
    ['been removed', 'it has been removed', 'DELETE', '', {}],
    ['been fenced', 'another run has taken it over', 'POST', '/update?version=101', { 'pvcheck.lock.fenced-by': 'x' }],
    ['lost its labels', 'labels have been changed', 'POST', '/update?version=101', { 'pvcheck.expires': 'never' }],
    ['got those of another', 'labels have been changed', 'POST', '/update?version=101', { 'pvcheck.run': runs.B }],
  ])('a lock that has %s is lost', async (_title, seen, method, action, labels) => {
    const { swarm, hold } = await held()
    const { ID, Spec } = lockIn(swarm)
    swarm.handle(method, `/configs/${ID}${action}`, { ...Spec, Labels: { ...Spec.Labels, ...labels } })
    wait(swarm, 21)
    await expect(hold.assert()).rejects.toMatchObject({ code: 'LOCK_LOST', seen: expect.stringContaining(seen) })
  })

  test('a lock that has been made anew under the same name is lost, and is not ours to remove', async () => {
    const { swarm, hold } = await held()
    const { ID, Spec } = lockIn(swarm)
    swarm.handle('DELETE', `/configs/${ID}`)
    swarm.handle('POST', '/configs/create', Spec)
    wait(swarm, 21)
    await expect(hold.assert()).rejects.toMatchObject({ code: 'LOCK_LOST', seen: expect.stringContaining('taken it') })
    await hold.release()
    expect(swarm.names()).toEqual(['pvcheck-lock'])
  })

  test('a lock that was given back is not ours', async () => {
    const { hold } = await held()
    await hold.release()
    await expect(hold.assert()).rejects.toMatchObject({ code: 'LOCK_LOST' })
  })

  test('whoever has called it off is not let through', async () => {
    const { hold } = await held()
    await expect(hold.assert({ signal: AbortSignal.abort(new Error('called off')) })).rejects.toThrow('called off')
  })
})

/** The spec of a lock that H took and that has ended. */
async function endedLock(): Promise<Lock['Spec']> {
  const swarm = createSwarmConfigs(noon - 3_600_000)
  await takeLock(partsOf(handsOn(swarm), 'H'))
  return lockIn(swarm).Spec
}

describe('of two who take the lock, in every order their requests can come in', () => {
  const taker = (who: 'A' | 'B', swarm: SwarmConfigs, winners: Map<Who, Hold>): Actor => ({
    name: who,
    play: async (step) => {
      winners.set(who, await takeLock(partsOf(handsOn(swarm, step), who)))
    },
  })
  test.each([
    ['is free', async () => undefined, 5],
    ['has ended', endedLock, 100],
  ])('one wins where it %s', async (_title, before, atLeast) => {
    const config = await before()
    const orders = await everyOrder(() => {
      const swarm = createSwarmConfigs(noon)
      if (config !== undefined) swarm.handle('POST', '/configs/create', config)
      const winners = new Map<Who, Hold>()
      return {
        actors: [taker('A', swarm, winners), taker('B', swarm, winners)],
        check: (order) => {
          const won = [...winners.keys()].map((who) => runs[who])
          expect(won, order).toEqual([lockIn(swarm).Spec.Labels['pvcheck.run']])
        },
      }
    })
    expect(orders).toBeGreaterThan(atLeast)
  })

  test('a renewal that comes late, and a removal, never leave two', async () => {
    const config = await endedLock()
    const late = { ...config, Labels: { ...config.Labels, 'pvcheck.expires': '2026-11-20T13:00:00.000Z' } }
    const seen = new Set<string>()
    for (const act of ['renew', 'release'] as const) {
      await everyOrder(() => {
        const swarm = createSwarmConfigs(noon)
        swarm.handle('POST', '/configs/create', config)
        const { ID } = lockIn(swarm)
        const winners = new Map<Who, Hold>()
        let status = 0
        const holder: Actor = {
          name: 'H',
          play: async (step) => {
            await step()
            const version = Number(ID.slice(2))
            status = (
              act === 'renew'
                ? swarm.handle('POST', `/configs/${ID}/update?version=${version}`, late)
                : swarm.handle('DELETE', `/configs/${ID}`)
            ).status
          },
        }
        return {
          actors: [taker('A', swarm, winners), holder],
          check: (order) => {
            const renewed = act === 'renew' && status === 200
            seen.add(`${act} ${status} ${winners.size}`)
            expect([swarm.names().length, winners.has('A')], order).toEqual([1, !renewed])
          },
        }
      })
    }
    // Each of these has happened, so the orders do differ.
    expect([...seen].sort()).toEqual(['release 204 1', 'release 404 1', 'renew 200 0', 'renew 404 1', 'renew 500 1'])
  })
})
