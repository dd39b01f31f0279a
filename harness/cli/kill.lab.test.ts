import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startVerify } from '../../lab/drill/kill/command.ts'
import { type KillGround, killDrill, raiseGround } from '../../lab/drill/kill/kill.ts'
import { objectsLeft } from '../../lab/drill/kill/leftovers.ts'
import { ownName } from '../../lab/drill/kill/marks.ts'
import { untilNothingLeft, untilSettled } from '../../lab/drill/kill/recovery.ts'
import { putToSleep, untilHostSwept, wake } from '../../lab/drill/kill/sleep.ts'
import { endOf, sweepFaults } from '../../lab/drill/kill/try-case.ts'
import { keepIntents, readIntentLines, untilIntent } from '../../lab/drill/kill/watch.ts'
import { readBundle } from '../record/evidence/read.ts'

const { signal } = new AbortController()
const recoveries: { readonly id: string; readonly ms: number }[] = []
let ground: KillGround

beforeAll(async () => {
  ground = await raiseGround({ signal, progress: () => undefined, readBundle })
})
afterAll(async () => {
  await ground[Symbol.asyncDispose]()
  const slowest = recoveries.toSorted((a, b) => b.ms - a.ms)[0]
  if (slowest !== undefined) {
    process.stdout.write(`slowest recovery: ${(slowest.ms / 1000).toFixed(1)} s (${slowest.id})\n`)
  }
})

describe('a run that is struck leaves nothing, and its evidence holds', () => {
  test.each(killDrill.choose('every day', killDrill.sampleCount))('$id', async (given) => {
    const { failures, recoveryMs } = await ground.run(given, signal)
    expect(failures).toEqual([])
    recoveries.push({ id: given.id, ms: recoveryMs ?? Number.NaN })
  })
})

test('of two runs that start together one works, and the other has touched nothing', async () => {
  const [one, other] = await Promise.all([ground.stage('one'), ground.stage('other')])
  await untilSettled(one.engine, signal)
  const since = Date.now()
  await using ofOne = keepIntents(one.desk)
  await using ofOther = keepIntents(other.desk)
  const commands = [startVerify(one.desk), startVerify(other.desk)] as const
  const [first, second] = await Promise.all(commands.map((command) => endOf(command, signal)))
  expect([first?.code, second?.code].toSorted(), `${first?.output}\n${second?.output}`).toEqual([0, 6])
  const [worked, refused] = first?.code === 0 ? [ofOne, ofOther] : [ofOther, ofOne]
  const namesOf = (lines: ReturnType<typeof ofOne.lines>): string[] =>
    lines.filter(({ line }) => line === 'intend').flatMap(({ name }) => (name === undefined ? [] : [name]))
  expect(namesOf(refused.lines()).filter((name) => name !== 'pvcheck-lock')).toEqual([])
  const created = await one.engine.createdBetween(since, Date.now())
  // A network comes into being twice: in the Swarm, and on its node.
  const names = new Set(created.map((what) => what.split(' ')[1] ?? '').filter((name) => ownName.test(name)))
  expect([...names].toSorted()).toEqual(
    namesOf(worked.lines())
      .filter((name) => name !== 'pvcheck-lock')
      .toSorted(),
  )
  for (const { desk } of [one, other]) expect(await readIntentLines(desk)).toEqual([])
  expect(await objectsLeft(one.engine)).toEqual([])
})

test('a machine that sleeps through its lease creates nothing after it wakes, and ends clearly', async () => {
  const stage = await ground.stage('sleeper')
  await untilSettled(stage.engine, signal)
  const command = startVerify(stage.desk)
  await untilIntent(stage.desk, command, 5, signal)
  await putToSleep(command.mark)
  await untilHostSwept(stage, signal)
  const awakeAt = await wake(command.mark)
  const { code, output } = await endOf(command, signal)
  expect(await stage.engine.createdBetween(awakeAt, Date.now())).toEqual([])
  expect([1, 2], output).toContain(code)
  expect(output).toMatch(/LOCK_LOST|REACH_SSH_LOST/)
  await untilNothingLeft(stage, { mark: command.mark, timeoutMs: 60_000, signal })
  expect(await sweepFaults(stage.desk, signal)).toEqual([])
})
