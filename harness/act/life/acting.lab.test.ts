import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { pollUntil } from '../../core/poll.ts'
import { nameOf } from '../../model/mark.ts'
import { fateOf, processIdOf } from '../mark/process-id.ts'
import { killAll, startMain, startWorker, type Told } from './testing/processes.ts'
import { filesIn, janitorOf, objectsOn, untilNone } from './testing/traces.ts'

const name = mintName('pvlab')
const quiet = { progress: () => undefined }
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
  // A test that failed has left a lock to the next one.
  await untilNone(onHost, 60_000)
  await rm(stateDir, { recursive: true, force: true })
}, 70_000)

const start = (leaseSeconds = 15) => startMain(machine.sshConfig, stateDir, leaseSeconds)
const id = expect.stringMatching(/^[0-9a-z]{25}$/)

/** A main process, its worker, and what they have made: a network and a service with a task. */
async function midRun(): Promise<{ main: Told; worker: Told; run: string }> {
  const main = await start()
  const worker = await startWorker(await main.tell('open'))
  expect([worker.first, await worker.tell('network 1'), await worker.tell('service 2')]).toEqual(['joined', id, id])
  expect(await worker.tell('config 3')).toEqual(id)
  return { main, worker, run: main.first }
}

const untilGone = (pid: number) =>
  pollUntil(
    async () => {
      const found = await processIdOf(pid)
      return found === undefined || (await fateOf(found)) === 'gone'
        ? { done: true, value: undefined }
        : { done: false, state: `${pid} is there` }
    },
    { what: 'the process to end', timeoutMs: 10_000, intervalMs: 50 },
  )

test('a run creates, settles and ends, and nothing is left of it', { timeout: 60_000 }, async () => {
  const { main, worker, run } = await midRun()
  const janitor = await janitorOf(stateDir, run)
  const units = ['timer', 'service'].map((kind) => `pvcheck-sweep-${run}.${kind}`)
  expect(await objectsOn(onHost)).toEqual(
    expect.arrayContaining(['config pvcheck-lock', ...units, `/run/pvcheck/${run}.sh`, `service ${nameOf(run, 2)}`]),
  )
  await worker.kill('SIGTERM')
  const { done } = JSON.parse(await main.tell('settle'))
  expect(done).toMatchObject({
    left: [],
    swept: [{ run, objects: expect.arrayContaining([`network ${nameOf(run, 1)}`]) }],
  })
  expect(JSON.parse(await main.tell('deeds')).done).toEqual([
    { kind: 'network', name: nameOf(run, 1), id },
    { kind: 'service', name: nameOf(run, 2), id },
    { kind: 'config', name: nameOf(run, 3), id },
  ])
  expect(await main.tell('end')).toBe('{}')
  expect([await objectsOn(onHost), await filesIn(stateDir)]).toEqual([[], []])
  await untilGone(janitor)
})

test('of two that begin at once, one acts, and the other leaves nothing', { timeout: 60_000 }, async () => {
  const other = await mkdtemp(join(tmpdir(), 'pva-'))
  const [one, two] = await Promise.all([start(), startMain(machine.sshConfig, other, 15)])
  const said = await Promise.all([one.tell('open'), two.tell('open')])
  const isFirst = said[0].startsWith('{"done"')
  expect(said[isFirst ? 1 : 0]).toContain('"failed":"LOCK_HELD"')
  const [winner, loser] = isFirst ? [one, two] : [two, one]
  const [kept, empty] = isFirst ? [stateDir, other] : [other, stateDir]
  const run = winner.first
  expect([await filesIn(empty), (await filesIn(kept)).length]).toEqual([[], 2])
  expect((await objectsOn(onHost)).filter((line) => line.includes(loser.first))).toEqual([])
  expect((await objectsOn(onHost)).filter((line) => line.includes(run)).length).toBeGreaterThan(0)
  expect(await winner.tell('end')).toBe('{}')
  expect(await objectsOn(onHost)).toEqual([])
  await rm(other, { recursive: true, force: true })
})

test('a main that is killed leaves nothing: its janitor ends the worker, and sweeps', { timeout: 60_000 }, async () => {
  const { main, worker, run } = await midRun()
  const janitor = await janitorOf(stateDir, run)
  // As a terminal does it, to the whole session.
  process.kill(janitor, 'SIGINT')
  process.kill(janitor, 'SIGHUP')
  await main.kill()
  // Nobody else is there to end it.
  expect(worker.child.exitCode).toBeNull()
  expect(await untilNone(onHost, 40_000)).toBeLessThan(30_000)
  await untilGone(janitor)
  expect([worker.child.signalCode, await filesIn(stateDir)]).toEqual(['SIGKILL', []])
})

test('without a janitor nothing more is created, and main cleans up by itself', { timeout: 60_000 }, async () => {
  const { main, worker, run } = await midRun()
  process.kill(await janitorOf(stateDir, run), 'SIGKILL')
  await untilGone(await janitorOf(stateDir, run))
  const before = await objectsOn(onHost)
  expect([await worker.tell('config 4'), await worker.tell('lost')]).toEqual(['JANITOR_GONE', 'true'])
  expect(await objectsOn(onHost)).toEqual(before)
  expect(await main.tell('lost')).toBe('{"done":true}')
  await worker.kill('SIGTERM')
  expect(JSON.parse(await main.tell('settle')).done).toMatchObject({ left: [] })
  expect(await main.tell('end')).toBe('{}')
  expect([await objectsOn(onHost), await filesIn(stateDir)]).toEqual([[], []])
})

test('what a run leaves to its janitor is swept by it', { timeout: 60_000 }, async () => {
  const { main, worker, run } = await midRun()
  const janitor = await janitorOf(stateDir, run)
  await worker.kill('SIGTERM')
  expect(await main.tell('leave')).toBe('{}')
  await untilNone(onHost, 40_000)
  await untilGone(janitor)
  expect(await filesIn(stateDir)).toEqual([])
})

test.each([
  'systemctl restart docker',
  'systemctl kill --kill-who=main --signal=KILL docker',
  'systemctl restart docker',
])(
  'what the Swarm forgets when dockerd ends in the midst of it goes all the same: %s',
  { timeout: 120_000 },
  async (ends) => {
    const { main, worker, run } = await midRun()
    const janitor = await janitorOf(stateDir, run)
    const service = nameOf(run, 2)
    await untilRuns(service)
    // One that nobody in the Swarm knows of, whatever the engine makes of its own.
    const marks = ['run', 'owner', 'expires'].map((part) => `--label pvcheck.${part}=$(${labelOf(service, part)})`)
    await onHost(`docker create --name ${service}.2.x9 ${marks.join(' ')} pvcheck-lab/busybox:1`)
    await onHost(`docker service rm ${service}; systemctl reset-failed docker; ${ends}`)
    await onHost(`until docker info >/dev/null 2>&1; do sleep 0.1; done`)
    await worker.kill('SIGTERM')
    await main.kill()
    await untilNone(onHost, 90_000)
    await untilGone(janitor)
    expect(await onHost('docker ps -aq --filter label=pvcheck.run')).toBe('')
    expect(await filesIn(stateDir)).toEqual([])
  },
)

const labelOf = (service: string, part: string): string =>
  `docker service inspect --format '{{index .Spec.Labels "pvcheck.${part}"}}' ${service}`

const untilRuns = (service: string) =>
  pollUntil(
    async () =>
      (await onHost(`docker ps -q --filter name=${service}`)) === ''
        ? { done: false, state: `no container of ${service} runs` }
        : { done: true, value: undefined },
    { what: 'the task to run', timeoutMs: 20_000 },
  )
