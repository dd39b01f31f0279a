import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pollUntil } from '../../harness/core/poll.ts'
import { labDown, labExec, labStatus, labUp } from '../lab.ts'
import { execOn, type LabMachine, runOn } from './machine.ts'
import { findLabs } from './record.ts'
import { killGroup, startLabUp } from './testing/lab-process.ts'
import { ownStateHome } from './testing/state-home.ts'
import { type Identity, identify, traces } from './testing/traces.ts'

const quiet = { progress: () => undefined }
const state = ownStateHome()
const { labs } = state

afterAll(() => state.remove(), 30_000)

function identityOf(machine: LabMachine): Identity {
  const identity = identify(machine.dir)
  if (identity === undefined) throw new Error(`no record in ${machine.dir}`)
  return identity
}

describe('two practice hosts at once', () => {
  const up: LabMachine[] = []

  beforeAll(async () => {
    up.push(...(await Promise.all(['one', 'two'].map((name) => labUp({ name, refreshMs: 500, ...quiet })))))
  }, 60_000)

  test('have nothing in common', async () => {
    const facts = await Promise.all(
      up.map(async (machine) => {
        const cluster = await runOn(machine, "docker info --format '{{.Swarm.Cluster.ID}} {{.ID}}'")
        const hostKey = await runOn(machine, 'sha256sum /etc/ssh/ssh_host_ed25519_key')
        return [machine.address, machine.machineId, identityOf(machine).id, ...cluster.trim().split(' '), hostKey]
      }),
    )
    const [one = [], two = []] = facts
    expect(one).toHaveLength(6)
    expect(one.filter((fact) => two.includes(fact))).toEqual([])
  })

  test('survive a restart of the engine in one of them', async () => {
    const [one, two] = up
    if (one === undefined || two === undefined) throw new Error('not booted')
    const startOf = (machine: LabMachine) => runOn(machine, 'systemctl show --value -p ExecMainPID docker.service')
    const beforeRestart = await startOf(two)
    await runOn(one, 'systemctl restart docker.service')
    expect(await startOf(two)).toBe(beforeRestart)
  })

  test('are listed as running, with cluster id, address and routes', async () => {
    const status = await labStatus()
    expect(status.map(({ name, state }) => [name, state])).toEqual([
      ['one', 'running'],
      ['two', 'running'],
    ])
    for (const lab of status) {
      expect(lab.clusterId).toMatch(/^[a-z0-9]{25}$/)
      expect(lab.address).toMatch(/^198\.51\.100\.\d+$/)
      expect(lab.routes).toContain('https://drone.ci.lab.test/healthz')
      expect(lab.uptimeMs).toBeGreaterThan(0)
    }
  })

  test('have a journal that lasts, no default route, and no name server that would keep anybody waiting', async () => {
    const [machine] = up
    if (machine === undefined) throw new Error('not booted')
    expect(await runOn(machine, 'ls /var/log/journal/$(cat /etc/machine-id)')).toContain('system.journal')
    expect(await runOn(machine, 'ip route show default')).toBe('')
    expect(await runOn(machine, 'cat /etc/resolv.conf')).toBe('nameserver 127.0.0.1\n')
    expect(await runOn(machine, 'systemctl list-units --failed --no-legend')).toBe('')
  })

  test('pass streams and the exit code of a command through', async () => {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    stdin.end('in')
    const exitCode = await labExec('one', ['sh', '-c', 'cat; echo "$1" >&2; exit 7', 'sh', 'a "b" $c'], {
      stdin,
      stdout,
      stderr,
    })
    stdout.end()
    stderr.end()
    expect([exitCode, await text(stdout), await text(stderr)]).toEqual([7, 'in', 'a "b" $c\n'])
  })

  test('end a command there when it is stopped here', async () => {
    const [machine] = up
    if (machine === undefined) throw new Error('not booted')
    const stop = new AbortController()
    const [stdin, stdout] = [new PassThrough(), new PassThrough()]
    const running = labExec('one', ['sh', '-c', 'echo here; exec sleep 4711'], { stdin, stdout, signal: stop.signal })
    stdout.once('data', () => stop.abort(new Error('stopped')))
    await expect(running).rejects.toThrow('stopped')
    await pollUntil<void>(
      async () => {
        const { exitCode } = await execOn(machine, 'pgrep -x sleep')
        return exitCode === 1 ? { done: true, value: undefined } : { done: false, state: 'it still sleeps' }
      },
      { what: 'the command to be gone', timeoutMs: 2000 },
    )
  })

  test('come back from a reboot with the same Swarm', async () => {
    const [machine] = up
    if (machine === undefined) throw new Error('not booted')
    const facts = "cat /proc/sys/kernel/random/boot_id && docker info --format '{{.Swarm.Cluster.ID}}'"
    const [bootBefore, clusterBefore] = (await runOn(machine, facts)).split('\n')
    await runOn(machine, 'systemctl reboot --no-block')
    const clusterAfter = await pollUntil<string>(
      async () => {
        // A question asked while the host goes down is never answered.
        const [bootId, cluster = ''] = (await runOn(machine, facts, { timeoutMs: 5_000 })).split('\n')
        return bootId === bootBefore ? { done: false, state: 'still up' } : { done: true, value: cluster }
      },
      { what: 'the host to be up again', timeoutMs: 60_000 },
    )
    expect(clusterAfter).toBe(clusterBefore)
  }, 90_000)

  test('go without a trace', async () => {
    const identities = up.map(identityOf)
    for (const identity of identities) expect(traces(identity)).not.toEqual([])
    await labDown({ which: 'all', ...quiet })
    for (const identity of identities) expect(traces(identity)).toEqual([])
    expect(await labStatus()).toEqual([])
  }, 30_000)
})

/** Moments of a boot, as seen from outside. */
const moments: readonly { readonly what: string; seen(dir: string, lines: readonly string[]): boolean }[] = [
  { what: 'its record is written', seen: (dir) => existsSync(join(dir, 'lab.json')) },
  { what: 'its namespace is there', seen: (dir) => identify(dir)?.netns !== undefined },
  { what: 'its root is mounted', seen: (dir) => existsSync(join(dir, 'root', 'etc')) },
  { what: 'its first process runs', seen: (dir) => traces(identify(dir) ?? never(dir)).some(isSystemd) },
  { what: 'it deploys', seen: (_, lines) => lines.join('').includes('deploying') },
  { what: 'it is up', seen: (_, lines) => lines.join('').includes('up\n') },
]
const isSystemd = (trace: string) => trace.startsWith('process') && trace.includes('systemd')
const never = (dir: string): Identity => ({ dir, id: 'not yet', netns: undefined })

describe.each(moments)('a lab up killed when $what', ({ what, seen }) => {
  test('is removed without a trace, by name or by the next one', async () => {
    const name = 'killed'
    const dir = join(labs, name)
    const child = startLabUp(name)
    const lines: string[] = []
    child.stdout?.on('data', (data: Buffer) => lines.push(data.toString()))
    await pollUntil<void>(
      async () => (seen(dir, lines) ? { done: true, value: undefined } : { done: false, state: lines.join('') }),
      { what, timeoutMs: 30_000, intervalMs: 2 },
    )
    const identity = identify(dir)
    await killGroup(child, 'SIGKILL')
    if (identity === undefined) throw new Error('killed too early for a record')
    expect(traces(identity)).not.toEqual([])
    const [found] = await labStatus()
    expect(found?.state).toBe(what === 'it is up' ? 'running' : 'half')
    await labDown({ which: { name }, ...quiet })
    expect(traces(identity)).toEqual([])
  }, 60_000)
})

describe('a lab up that is interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s to its whole group removes what it has made',
    async (signal) => {
      const name = `stopped-${signal.toLowerCase()}`
      const dir = join(labs, name)
      const child = startLabUp(name)
      await pollUntil<void>(
        async () =>
          existsSync(join(dir, 'root', 'etc')) ? { done: true, value: undefined } : { done: false, state: '' },
        { what: 'its root to be mounted', timeoutMs: 30_000, intervalMs: 2 },
      )
      const identity = identify(dir)
      await killGroup(child, signal)
      expect(identity && traces(identity)).toEqual([])
      expect(child.exitCode).toBe(130)
    },
    30_000,
  )
})

describe('remains of a killed lab up', () => {
  test('are removed by the next lab up, which says so', async () => {
    const child = startLabUp('remains')
    const dir = join(labs, 'remains')
    await pollUntil<void>(
      async () =>
        existsSync(join(dir, 'root', 'etc')) ? { done: true, value: undefined } : { done: false, state: '' },
      { what: 'its root to be mounted', timeoutMs: 30_000, intervalMs: 2 },
    )
    const identity = identify(dir)
    await killGroup(child, 'SIGKILL')
    const lines: string[] = []
    const stop = new AbortController()
    const next = labUp({
      name: 'next',
      signal: stop.signal,
      progress: (line) => {
        lines.push(line)
        // Far enough: what is tested has happened before anything is booted.
        if (line.startsWith('booting')) stop.abort(new Error('seen enough'))
      },
    })
    await expect(next).rejects.toThrow('seen enough')
    expect(lines).toContain('removing remains, which does not run any more')
    expect(identity && traces(identity)).toEqual([])
    expect(await findLabs()).toEqual([])
  }, 30_000)
})
