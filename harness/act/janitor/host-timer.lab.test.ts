import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { execOn, type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { pollUntil } from '../../core/poll.ts'
import { nameOf } from '../../model/mark.ts'
import { connect } from '../../reach/connect.ts'
import type { Connection } from '../../reach/target.ts'
import { armTimer, disarmTimer } from './host-timer.ts'

const name = mintName('pvlab')
const quiet = { progress: () => undefined }
const run = '20261120T121700Z-3f2a'
const unit = `pvcheck-sweep-${run}`
const [mine, later] = [nameOf(run, 1), nameOf(run, 2)]
const past = '2026-01-01T00:00:00.000Z'
const future = '2099-01-01T00:00:00.000Z'
let machine: LabMachine
let stateDir: string
let connection: Connection
const on = (command: string) => runOn(machine, command)
const host = () => connection.target.host
const plan = { run, owner: 'prod-1', leaseSeconds: 600 }

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvt-timer-'))
  machine = await labUp({ name, ...quiet })
  connection = await connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs: 15_000,
    },
    { signal: new AbortController().signal, stateDir },
  )
}, 120_000)
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await labDown({ which: { name }, ...quiet })
  await rm(stateDir, { recursive: true, force: true })
}, 30_000)
afterEach(async () => {
  await disarmTimer(host(), run)
  await on('docker config ls -q --filter label=pvcheck.run | xargs -r docker config rm')
})

const labels = (of: string, expires: string, owner = 'prod-1') =>
  `-l pvcheck.run=${of} -l pvcheck.owner=${owner} -l pvcheck.expires=${expires}`
const config = (at: string, given: string) => on(`echo x | docker config create ${given} ${at} -`)
const configs = async () =>
  (await on(`docker config ls --format '{{.Name}}' --filter label=pvcheck.run`)).trim().split('\n').sort()
/** All that there is of a timer. */
const traces = async () =>
  (await on(`systemctl list-units --all --plain --no-legend 'pvcheck-*'; find /run/pvcheck 2>/dev/null || true`)).trim()

/** Lets the timer do at once what it does at its time. */
async function sweepNow(): Promise<void> {
  await on(`systemctl start ${unit}.service`)
  await pollUntil(
    async () => {
      const { stdout } = await execOn(machine, `systemctl is-active ${unit}.service`)
      return stdout.trim() === 'active' ? { done: false, state: 'it runs' } : { done: true, value: undefined }
    },
    { what: 'the sweep to end', timeoutMs: 60_000 },
  )
}

test('it leaves a live run alone, and what only looks like the run when that is over', {
  timeout: 60_000,
}, async () => {
  await armTimer(host(), plan)
  await config('pvcheck-lock', labels(run, future))
  await config(mine, labels(run, past))
  await sweepNow()
  expect(await configs()).toEqual([mine, 'pvcheck-lock'])
  expect(await traces()).toContain(`/run/pvcheck/${run}.sh`)

  await on('docker config rm pvcheck-lock')
  await config('pvcheck-lock', labels(run, past))
  await config(later, labels(run, future))
  await config('copy', labels(run, past))
  await config('others', labels('20261120T121700Z-ffff', past))
  await config('strangers', labels(run, past, 'somebody'))
  await config('damaged', `-l pvcheck.run=${run}`)
  await sweepNow()
  expect(await configs()).toEqual(['copy', 'damaged', 'others', 'strangers'])
  expect(await traces()).toBe('')
})

test('containers that the Swarm has forgotten go, before the lock; others stay', { timeout: 60_000 }, async () => {
  const container = (name: string, given: string) => on(`docker create --name ${name} ${given} pvcheck-lab/busybox:1`)
  await armTimer(host(), plan)
  await config('pvcheck-lock', labels(run, past))
  await container(`${mine}.1.x9`, labels(run, past))
  await container('copy', labels(run, past))
  await container(`${later}.1.x9`, labels(run, past, 'somebody'))
  await sweepNow()
  const names = await on(`docker ps -a --format '{{.Names}}' --filter label=pvcheck.run`)
  await on('docker rm $(docker ps -aq --filter label=pvcheck.run)')
  expect(names.trim().split('\n').sort()).toEqual(['copy', `${later}.1.x9`].sort())
  expect([await configs(), await traces()]).toEqual([[''], ''])
})

test.each([
  ['there is no lock', undefined],
  ['another run has it', '20261120T121700Z-ffff'],
])('where %s, each object keeps until its own end', { timeout: 60_000 }, async (_title, holder) => {
  await armTimer(host(), plan)
  if (holder !== undefined) await config('pvcheck-lock', labels(holder, past))
  const lock = holder === undefined ? [] : ['pvcheck-lock']
  await config(later, labels(run, future))
  await config(mine, labels(run, past))
  await sweepNow()
  expect(await configs()).toEqual([mine, later, ...lock])
  await on(`docker config rm ${later}`)
  await sweepNow()
  expect(await configs()).toEqual(lock.length === 0 ? [''] : lock)
  expect(await traces()).toBe('')
})

test('an engine that does not answer has not said that nothing is there', { timeout: 60_000 }, async () => {
  await armTimer(host(), plan)
  await config(mine, labels(run, past))
  await on('mv /run/docker.sock /run/docker.sock.away')
  await sweepNow()
  await on('mv /run/docker.sock.away /run/docker.sock')
  expect(await traces()).toContain(`/run/pvcheck/${run}.sh`)
  expect(await configs()).toEqual([mine])
})

test('disarmed, it leaves nothing, also when it had failed, and twice does no harm', async () => {
  await armTimer(host(), plan)
  await on(`printf 'exit 3' >/run/pvcheck/${run}.sh`)
  await execOn(machine, `systemctl start ${unit}.service`)
  await pollUntil(
    async () => {
      const { stdout } = await execOn(machine, `systemctl is-failed ${unit}.service`)
      return stdout.trim() === 'failed' ? { done: true, value: undefined } : { done: false, state: stdout }
    },
    { what: 'it to fail', timeoutMs: 10_000 },
  )
  await disarmTimer(host(), run)
  expect(await traces()).toBe('')
  await disarmTimer(host(), run)
})

test('where it cannot be armed it says so, and nothing is left', async () => {
  await expect(armTimer({ unavailable: 'no host is configured' }, plan)).rejects.toMatchObject({
    code: 'TIMER_NOT_ARMED',
    exit: 'blocked',
    seen: 'no host is configured',
  })
  await armTimer(host(), plan)
  // A unit of that name is there already.
  await expect(armTimer(host(), plan)).rejects.toMatchObject({ code: 'TIMER_NOT_ARMED' })
})
