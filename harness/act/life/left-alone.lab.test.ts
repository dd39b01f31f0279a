import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { nameOf } from '../../model/mark.ts'
import { killAll, startMain, startWorker } from './testing/processes.ts'
import { filesIn, janitorOf, objectsOn, untilNone } from './testing/traces.ts'

const name = mintName('pvlab')
const quiet = { progress: () => undefined }
const leaseSeconds = 15
let machine: LabMachine
let stateDir: string
const onHost = (command: string) => runOn(machine, command)

beforeAll(async () => {
  machine = await labUp({ name, ...quiet })
}, 120_000)
afterAll(async () => {
  await labDown({ which: { name }, ...quiet })
}, 30_000)
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pva-'))
})
afterEach(async () => {
  await killAll()
  await rm(stateDir, { recursive: true, force: true })
})

test('a machine that sleeps through its lease wakes to nothing that it may create', async () => {
  const main = await startMain(machine.sshConfig, stateDir, leaseSeconds)
  const worker = await startWorker(await main.tell('open'))
  expect(await worker.tell('config 1')).toMatch(/^[0-9a-z]{25}$/)
  const janitor = await janitorOf(stateDir, main.first)
  const all = [worker.child.pid ?? 0, main.child.pid ?? 0, janitor]
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  await delay((leaseSeconds + 1) * 1000)
  const before = await objectsOn(onHost)
  for (const pid of all) process.kill(pid, 'SIGCONT')
  expect([await worker.tell('config 2'), await worker.tell('network 3')]).toEqual(['LOCK_LOST', 'LOCK_LOST'])
  expect(await worker.tell('lost')).toBe('true')
  expect(await objectsOn(onHost)).toEqual(before)
  expect(JSON.parse(await main.tell('deeds')).done).toEqual([
    { kind: 'config', name: nameOf(main.first, 1), id: expect.anything() },
  ])
  await worker.kill('SIGTERM')
  expect(JSON.parse(await main.tell('settle')).done).toMatchObject({ left: [] })
  expect(await main.tell('end')).toBe('{}')
  expect([await objectsOn(onHost), await filesIn(stateDir)]).toEqual([[], []])
}, 60_000)

test('where the whole machine is gone, the manager sweeps by itself when the lease is over', async () => {
  const main = await startMain(machine.sshConfig, stateDir, leaseSeconds)
  const worker = await startWorker(await main.tell('open'))
  for (const what of ['network 1', 'service 2', 'config 3', 'secret 4']) {
    expect(await worker.tell(what)).toMatch(/^[0-9a-z]{25}$/)
  }
  const janitor = await janitorOf(stateDir, main.first)
  // The janitor first, or it would have begun.
  process.kill(janitor, 'SIGKILL')
  await Promise.all([main.kill(), worker.kill()])
  await delay(8_000)
  // Not a moment before its time.
  expect(await objectsOn(onHost)).toContain(`service ${nameOf(main.first, 2)}`)
  const tookMs = await untilNone(onHost, 60_000)
  expect(tookMs).toBeGreaterThan(5_000)
}, 90_000)
