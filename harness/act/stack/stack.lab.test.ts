import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { throwawayBatch } from '../../model/facts/throwaway-batch.ts'
import { type Throwaway, throwawaySchema } from '../../model/throwaway.ts'
import { attachWriter } from '../../reach/attach-writer.ts'
import { connect } from '../../reach/connect.ts'
import type { Connection } from '../../reach/target.ts'
import { freeOn } from '../remove/testing/free-on.ts'
import { type BatchSettings, type RunningStack, runBatch } from './run-batch.ts'
import { type ActingHand, actingHand } from './testing/acting-hand.ts'

const name = mintName('pvlab')
const quiet = { progress: () => undefined }
const never = new AbortController().signal
let machine: LabMachine
let stateDir: string
let connection: Connection
let acting: ActingHand
let smallId: string

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvt-stack-'))
  machine = await labUp({ name, ...quiet })
  connection = await connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs: 15_000,
    },
    { signal: never, stateDir },
  )
  smallId = (await runOn(machine, 'docker network create --driver overlay --subnet 10.77.0.0/27 small')).trim()
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await labDown({ which: { name }, ...quiet })
  await rm(stateDir, { recursive: true, force: true })
})
beforeEach(async () => {
  acting = await actingHand(connection.handle, stateDir)
})
afterEach(async () => {
  await acting[Symbol.asyncDispose]()
})

const throwaway = (given: Record<string, unknown> = {}): Throwaway =>
  throwawaySchema.parse({ stacks: 4, atOnce: 2, convergeSeconds: 30, ...given })

const settings = (given: Record<string, unknown> = {}): BatchSettings => ({
  throwaway: throwaway(given),
  sharedNetwork: 'small',
})

/** All that carries our names on the host, containers that have ended included. */
async function traces(): Promise<string> {
  const kinds = ['service', 'network'].map((kind) => `docker ${kind} ls --format '${kind} {{.Name}}'`)
  const all = await runOn(
    machine,
    [...kinds, "docker ps --format 'container {{.Names}}'", 'docker stack ls'].join('; '),
  )
  return all
    .split('\n')
    .filter((line) => line.includes('pvc-'))
    .join('\n')
}

const onlyTheLock = ['config pvcheck-lock']
const hands = () => ({ reader: connection.target.engine, writer: attachWriter(connection.handle) })

test('four stacks, two at once, come up and go, and leak nothing', async () => {
  const before = await freeOn(smallId, hands())
  const seen: RunningStack[] = []
  const during: string[] = []
  const batch = await runBatch(
    acting.hand,
    {
      ...settings(),
      whileRunning: async (stack) => {
        seen.push(stack)
        if (seen.length === 1) during.push(await traces(), await runOn(machine, 'docker stack ls'))
      },
    },
    never,
  )
  expect(throwawayBatch.schema.parse(batch)).toEqual(batch)
  expect(batch.stacks.map(({ came, removal, why }) => ({ came, removal, why }))).toEqual(
    Array(4).fill({ came: 'running', removal: 'gone', why: undefined }),
  )
  expect(batch.mostAtOnce).toBe(2)
  expect(new Set(batch.stacks.map(({ port }) => port)).size).toBeGreaterThan(1)
  for (const { addresses } of seen) {
    expect(addresses['small']).toEqual([expect.stringMatching(/^10\.77\.0\.\d+$/)])
    expect(Object.keys(addresses)).toHaveLength(3)
  }
  expect(during.join('\n')).toMatch(/container pvc-.*-web\.1\./)
  expect(during[1]).toMatch(new RegExp(`^${seen[0]?.name} +1`, 'm'))
  expect(await traces()).toBe('')
  expect(await acting.open()).toEqual(onlyTheLock)
  expect(await freeOn(smallId, hands())).toBe(before)
})

test('an image that is nowhere is told as the engine tells it, and no other stack is launched', async () => {
  const image = '127.0.0.1:1/none:1'
  const batch = await runBatch(acting.hand, settings({ image, pull: true, atOnce: 1 }), never)
  expect(batch.stacks.map(({ came, removal }) => `${came} ${removal}`)).toEqual([
    'ended gone',
    ...Array(3).fill('unlaunched nothing'),
  ])
  expect(batch.stacks[0]).toMatchObject({
    lastStates: [
      expect.stringMatching(/^task \w+ \(rejected on \S+ since \S+\): No such image: 127\.0\.0\.1:1\/none:1$/),
    ],
    why: { code: 'STACK_ENDED' },
  })
  await expect(runBatch(acting.hand, settings({ image }), never)).rejects.toMatchObject({ code: 'STACK_NO_IMAGE' })
  expect(await traces()).toBe('')
  expect(await acting.open()).toEqual(onlyTheLock)
})

test('a constraint that no node meets leaves the task pending, and says so', async () => {
  const constraints = ['node.labels.nowhere==true']
  const batch = await runBatch(acting.hand, settings({ constraints, stacks: 1, convergeSeconds: 3 }), never)
  expect(batch.stacks).toMatchObject([
    {
      ...{ came: 'stuck', removal: 'gone', why: { code: 'STACK_STUCK' } },
      lastStates: [
        expect.stringMatching(/\(pending on no node since \S+\): no suitable node \(scheduling constraints/),
      ],
    },
  ])
  expect(await traces()).toBe('')
  expect(await acting.open()).toEqual(onlyTheLock)
})

test('a port that somebody takes in the last moment is left to him, and another one taken', async () => {
  const taken = 'docker service create --quiet --detach --no-resolve-image --replicas 0 --name guest'
  await runOn(machine, `${taken} --publish 28101:80 pvcheck-lab/busybox:1`)
  let isFirst = true
  const hand = {
    ...acting.hand,
    // Between the look at the ports and the create somebody is faster.
    create: async (...given: Parameters<typeof acting.hand.create>) => {
      if (given[0] === 'service' && isFirst) {
        isFirst = false
        await runOn(machine, `${taken}2 --publish 28100:80 pvcheck-lab/busybox:1`)
      }
      return acting.hand.create(...given)
    },
  }
  const publish = { from: 28_100, to: 28_102, mode: 'host' }
  const batch = await runBatch(hand, settings({ stacks: 1, publish }), never)
  await runOn(machine, 'docker service rm guest guest2')
  expect(batch.stacks).toMatchObject([{ came: 'running', removal: 'gone', port: 28_102 }])
  expect(await acting.open()).toEqual(onlyTheLock)
})

test('aborted in the middle, it removes what it has created', async () => {
  const stop = new AbortController()
  const batch = await runBatch(acting.hand, settings(), stop.signal, ({ what }) => {
    if (what.includes('(preparing') || what.includes('(starting')) stop.abort(new Error('stop'))
  })
  expect(batch.stacks.map(({ came, removal }) => `${came} ${removal}`)).toEqual([
    ...Array(2).fill('interrupted gone'),
    ...Array(2).fill('unlaunched nothing'),
  ])
  expect(await traces()).toBe('')
  expect(await acting.open()).toEqual(onlyTheLock)
})

test('without a janitor it touches nothing more, and leaves what is there to the sweep', async () => {
  const batch = await runBatch(
    acting.hand,
    {
      ...settings({ stacks: 2, atOnce: 1 }),
      whileRunning: async () => acting.janitorIsGone.abort(new Error('the janitor is gone')),
    },
    never,
  )
  expect(batch.stacks.map(({ came, removal }) => `${came} ${removal}`)).toEqual(['running left', 'unlaunched nothing'])
  expect((await acting.open()).toSorted()).toEqual([
    ...onlyTheLock,
    expect.stringMatching(/^network pvc-.*-1-net$/),
    expect.stringMatching(/^service pvc-.*-1-web$/),
  ])
})

test('a container of it ends by itself when its time is over', async () => {
  const shortLived = { ...throwaway({ stacks: 1 }), lifetimeSeconds: 2 }
  let state = ''
  const batch = await runBatch(
    acting.hand,
    {
      ...{ throwaway: shortLived, sharedNetwork: 'small' },
      whileRunning: async ({ serviceId }) => {
        const task = `docker service ps --format '{{.CurrentState}}' ${serviceId}`
        state = await runOn(machine, `for i in $(seq 100); do ${task} | grep -v Running && break; sleep 0.1; done`)
      },
    },
    never,
  )
  expect(state).toMatch(/Failed|Complete/)
  expect(batch.stacks).toMatchObject([{ came: 'running', removal: 'gone' }])
})
