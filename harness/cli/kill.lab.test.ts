import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseOutcome } from '../../lab/drill/drill.ts'
import type { KillCase } from '../../lab/drill/kill/cases.ts'
import { type Desk, type Ended, startVerify } from '../../lab/drill/kill/command.ts'
import { hearCreated } from '../../lab/drill/kill/hear-created.ts'
import { type KillGround, killDrill, raiseGround } from '../../lab/drill/kill/kill.ts'
import { objectsLeft } from '../../lab/drill/kill/leftovers.ts'
import { ownName } from '../../lab/drill/kill/marks.ts'
import { untilNothingLeft, untilSettled } from '../../lab/drill/kill/recovery.ts'
import { putToSleep, untilHostSwept, wake } from '../../lab/drill/kill/sleep.ts'
import { endOf, sweepFaults } from '../../lab/drill/kill/try-case.ts'
import { keepIntents, readIntentLines, untilIntent } from '../../lab/drill/kill/watch.ts'
import { settleAll } from '../../lab/host/settle.ts'
import { readBundle } from '../record/evidence/read.ts'

const cases = killDrill.choose('every day', killDrill.sampleCount)
const stop = new AbortController()
const { signal } = stop
// All cases wait under it.
setMaxListeners(0, signal)
/** Most of the time goes into waiting, so two hosts take little more than half of it. */
const grounds: KillGround[] = []
const free: KillGround[] = []
const struck = new Map<string, Promise<CaseOutcome>>()
let pair: Promise<Pair>
let sleeper: Promise<Sleeper>

beforeAll(async () => {
  await settleAll([raise(), raise()])
  const limit = pLimit(grounds.length)
  const onFree = <T>(work: (ground: KillGround) => Promise<T>): Promise<T> => {
    const done = limit(async () => {
      const ground = free.shift()
      if (ground === undefined) throw new Error('more work at once than hosts')
      return await work(ground).finally(() => free.push(ground))
    })
    // What went wrong is told by the test that asks for it.
    done.catch(() => undefined)
    return done
  }
  sleeper = onFree(sleepThroughLease)
  pair = onFree(startTwo)
  for (const given of cases) {
    struck.set(
      given.id,
      onFree((ground) => ground.run(given, signal)),
    )
  }
})
afterAll(async () => {
  stop.abort(new Error('the tests are over'))
  await Promise.allSettled([sleeper, pair, ...struck.values()])
  await settleAll(grounds.map((ground) => ground[Symbol.asyncDispose]()))
})

async function raise(): Promise<void> {
  const ground = await raiseGround({ signal, progress: () => undefined, readBundle })
  grounds.push(ground)
  free.push(ground)
}

test.each(cases)('a run that is struck leaves nothing, and its evidence holds: $id', async ({ id }: KillCase) => {
  expect((await struck.get(id))?.failures).toEqual([])
})

test('the slowest recovery is told', async () => {
  const recoveries = await Promise.all(cases.map(async ({ id }) => ({ id, ms: (await struck.get(id))?.recoveryMs })))
  const slowest = recoveries.toSorted(
    (a, b) => (b.ms ?? Number.POSITIVE_INFINITY) - (a.ms ?? Number.POSITIVE_INFINITY),
  )[0]
  process.stdout.write(`slowest recovery: ${slowest?.ms} ms (${slowest?.id})\n`)
  expect(slowest?.ms).toBeLessThan(120_000)
})

interface Pair {
  readonly ends: readonly Ended[]
  /** What each intended, beside the lock. */
  readonly intended: readonly (readonly string[])[]
  readonly created: readonly string[]
  readonly onFile: number
  readonly left: readonly string[]
}

async function startTwo(ground: KillGround): Promise<Pair> {
  const { engine, machine, desk: one } = await ground.stage('one')
  const { desk: other } = await ground.stage('other')
  await untilSettled(engine, signal)
  const heard = await hearCreated(machine, signal)
  await using ofOne = keepIntents(one, signal)
  await using ofOther = keepIntents(other, signal)
  const commands = [one, other].map((desk: Desk) => startVerify(desk))
  const ends = await Promise.all(commands.map((command) => endOf(command, signal)))
  const intended = [ofOne, ofOther].map(({ lines }) =>
    lines().flatMap(({ line, name }) =>
      line === 'intend' && name !== undefined && name !== 'pvcheck-lock' ? [name] : [],
    ),
  )
  // A network comes into being twice: in the Swarm, and on its node.
  const created = new Set(await heard())
  return {
    ends,
    intended,
    created: [...created].filter((name) => ownName.test(name)),
    onFile: (await readIntentLines(one)).length + (await readIntentLines(other)).length,
    left: await objectsLeft(engine),
  }
}

test('of two runs that start together one works, and the other has touched nothing', async () => {
  const { ends, intended, created, onFile, left } = await pair
  expect(ends.map(({ code }) => code).toSorted(), ends.map(({ output }) => output).join('\n')).toEqual([0, 6])
  const [works, refused] = ends[0]?.code === 0 ? intended : intended.toReversed()
  expect(refused).toEqual([])
  expect(created.toSorted()).toEqual(works?.toSorted())
  expect([onFile, left]).toEqual([0, []])
})

interface Sleeper extends Ended {
  readonly createdAwake: readonly string[]
  readonly faults: readonly string[]
}

async function sleepThroughLease(ground: KillGround): Promise<Sleeper> {
  const stage = await ground.stage('sleeper')
  await untilSettled(stage.engine, signal)
  const command = startVerify(stage.desk)
  await untilIntent(stage.desk, command, 5, signal)
  await putToSleep(command.mark)
  await untilHostSwept(stage, signal)
  const awakeAt = await wake(command.mark)
  const ended = await endOf(command, signal)
  const createdAwake = await stage.engine.createdBetween(awakeAt, Date.now())
  await untilNothingLeft(stage, { mark: command.mark, timeoutMs: 60_000, signal })
  return { ...ended, createdAwake, faults: await sweepFaults(stage.desk, signal) }
}

test('a machine that sleeps through its lease creates nothing after it wakes, and ends clearly', async () => {
  const { code, output, createdAwake, faults } = await sleeper
  expect(createdAwake).toEqual([])
  expect([1, 2], output).toContain(code)
  expect(output).toMatch(/LOCK_LOST|REACH_SSH_LOST/)
  expect(faults).toEqual([])
})
