import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { RecordBody } from '../model/record.ts'
import { type FixtureRun, startFixture } from './fixtures/start.ts'

const planned = ['001', '002', '003'].map((number) => ({ check: `PV-TEST-${number}`, title: 't' }))

async function start(acting: object, env: NodeJS.ProcessEnv = {}, wish: object = {}): Promise<FixtureRun> {
  return await startFixture('wants-to-act', { planned, acting, ...wish }, env)
}

/** `PV-TEST-001 pass`, in the order of the records. */
function verdictsIn(bodies: readonly RecordBody[]): readonly string[] {
  return bodies.flatMap((body) => (body.kind === 'finding' ? [`${body.check} ${body.verdict}`] : []))
}

function troublesIn(bodies: readonly RecordBody[]): readonly string[] {
  return bodies.flatMap((body) => (body.kind === 'trouble' ? [`${body.code} ${body.exit}`] : []))
}

function factsIn(bodies: readonly RecordBody[]): readonly string[] {
  return bodies.flatMap((body) => (body.kind === 'observation' ? [body.fact] : []))
}

function stepsIn(output: string): readonly string[] {
  return output.split('\n').filter((line) => /^(opened|settling|ended )/.test(line))
}

test('a run that acts is settled, judged and ended, in this order', async () => {
  const run = await start({})
  expect((await run.ended()).code, run.output()).toBe(0)
  const bodies = await run.bodies()
  expect(verdictsIn(bodies)).toEqual(['PV-TEST-001 pass', 'PV-TEST-002 pass', 'PV-TEST-003 pass'])
  expect(stepsIn(run.output())).toEqual(['opened', 'settling', 'ended clean'])
  expect(factsIn(bodies)).toEqual(['dead-runs', 'declarations', 'settled', 'run-deeds'])
  expect(run.output()).toContain('… creating')
  expect(await run.leftovers()).toEqual([])
})

test('where no check acts nothing is begun, and what would be left is not looked for', async () => {
  const run = await startFixture('proves', { planned, acting: {} })
  await run.ended()
  expect(stepsIn(run.output())).toEqual([])
  expect(await run.bodies()).toContainEqual(
    expect.objectContaining({ kind: 'skip', check: 'PV-TEST-003', reason: expect.stringContaining('created nothing') }),
  )
})

describe('where another run has the lock', () => {
  test('when this one looks, it ends with 6 and asks nothing', async () => {
    const run = await start({ held: 'at the look' })
    expect((await run.ended()).code, run.output()).toBe(6)
    const bodies = await run.bodies()
    expect(troublesIn(bodies)).toEqual(['LOCK_HELD locked'])
    expect(bodies).toContainEqual(expect.objectContaining({ code: 'LOCK_HELD', during: 'start' }))
    expect([verdictsIn(bodies), factsIn(bodies)]).toEqual([[], []])
    expect(stepsIn(run.output())).toEqual([])
  })

  test('when this one wants to act, that is left out, and it ends with 6', async () => {
    const run = await start({ held: 'when acting' })
    expect((await run.ended()).code, run.output()).toBe(6)
    const bodies = await run.bodies()
    expect(troublesIn(bodies)).toEqual(['LOCK_HELD locked'])
    expect(verdictsIn(bodies)).toEqual(['PV-TEST-001 pass'])
    expect(bodies).toContainEqual(
      expect.objectContaining({ kind: 'skip', check: 'PV-TEST-002', reason: expect.stringContaining('LOCK_HELD') }),
    )
    expect(stepsIn(run.output())).toEqual([])
  })
})

test('a worker that is killed in mid-act is settled after', async () => {
  const run = await start({}, { PVT_ACT: 'dies' })
  expect((await run.ended()).code, run.output()).toBe(70)
  const bodies = await run.bodies()
  expect(troublesIn(bodies)).toEqual(['RUN_SPEC_FAULT internal'])
  expect(verdictsIn(bodies)).toEqual(['PV-TEST-001 pass', 'PV-TEST-003 pass'])
  expect(stepsIn(run.output())).toEqual(['opened', 'settling', 'ended clean'])
})

test('a connection that was lost is made anew, and what is left is removed over it', async () => {
  const run = await start({}, { PVT_ACT: 'waits' }, { connect: 'dies' })
  await run.prints('acting in')
  await run.prints('REACH_FIXTURE_LOST')
  // A spec that waits for the host would end by its own deadline.
  process.kill(run.pid, 'SIGINT')
  expect((await run.ended()).code, run.output()).toBe(130)
  expect(run.output().match(/^connecting$/gm), run.output()).toHaveLength(2)
  expect(stepsIn(run.output())).toEqual(['opened', 'settling', 'ended clean'])
})

test('what cannot be removed is residue, whatever else passed, and the janitor goes on', async () => {
  const run = await start({ settles: 'not all' })
  expect((await run.ended()).code, run.output()).toBe(4)
  expect(troublesIn(await run.bodies())).toEqual(['RUN_LEFT_RESIDUE residue'])
  expect(run.output()).toMatch(/RUN_LEFT_RESIDUE {2}.*service pvc-1: its node is down/)
  expect(stepsIn(run.output())).toEqual(['opened', 'settling', 'ended with something left'])
})

describe('Ctrl-C', () => {
  test('ends the specs, but not the settling', async () => {
    const run = await start({}, { PVT_ACT: 'waits' })
    await run.prints('acting in')
    process.kill(-run.pid, 'SIGINT')
    expect((await run.ended()).code, run.output()).toBe(130)
    expect(stepsIn(run.output())).toEqual(['opened', 'settling', 'ended clean'])
    expect(troublesIn(await run.bodies())).toEqual([])
    expect(await run.leftovers()).toEqual([])
  })

  test.each(['never', 'never, and says so'])(
    'a second time leaves the settling to the janitor: 4, and it is said what goes on (%s)',
    async (settles) => {
      // Patience ends early here: what cleans up is waited for all the same.
      const run = await start({ settles }, { PVT_ACT: 'waits' }, { graceMs: 300, lastResortMs: 2_000 })
      await run.prints('acting in')
      process.kill(-run.pid, 'SIGINT')
      await run.prints('settling')
      await delay(3_000)
      expect(run.child.exitCode, run.output()).toBeNull()
      process.kill(-run.pid, 'SIGINT')
      expect((await run.ended()).code, run.output()).toBe(4)
      expect(troublesIn(await run.bodies())).toEqual(['RUN_LEFT_TO_JANITOR residue'])
      expect(run.output()).toMatch(/janitor of the run goes on by itself.*`pvcheck sweep -v`/)
      // What was created is told all the same.
      expect(factsIn(await run.bodies())).toContain('run-deeds')
      expect(stepsIn(run.output()).at(-1)).toBe('ended with something left')
      expect(await run.end()).toMatchObject({ kind: 'end', exit: 'residue' })
    },
  )
})
