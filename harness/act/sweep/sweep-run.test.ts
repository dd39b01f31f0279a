import { expect, test } from 'vitest'
import { network, node, proxy, type RawSwarm, service, task, up } from '../../judge/removal/testing/swarm.ts'
import { labelsOf, lockName, nameOf } from '../../model/mark.ts'
import { type PlayedSwarm, playSwarm } from '../remove/testing/play-swarm.ts'
import type { SweepParts } from './parts.ts'
import { sweepRun } from './sweep-run.ts'

const never = new AbortController().signal
const run = '20261120T110000Z-00aa'
const labels = labelsOf({ run, owner: 'prod', expires: '2026-11-20T11:15:00Z' })
const config = (Name: string): object => ({ ID: Name.replaceAll('-', ''), Spec: { Name, Labels: labels } })

const nets = [nameOf(run, 1, 'net'), nameOf(run, 2, 'net')] as const

/** Two stacks of the run, of which the second is also on the network of the first, and a stack of somebody else. */
const left: RawSwarm = {
  services: [
    service('web1', { labels, on: ['net1', 'proxy'] }),
    service('web2', { labels, on: ['net1', 'net2'] }),
    service('other', { stack: 'other', on: ['proxy'] }),
  ].map((one, index) => (index === 2 ? one : renamed(one, nameOf(run, index + 1)))),
  tasks: [
    task('t1', { of: 'web1', on: { net1: '10.1.0.3/24', proxy: '10.10.0.3/24' } }),
    task('t2', { of: 'web2', on: { net1: '10.1.0.4/24', net2: '10.2.0.3/24' } }),
  ],
  networks: [
    proxy,
    { ...network('net1', { labels }), Name: nets[0] },
    { ...network('net2', { labels }), Name: nets[1] },
    network('othernet', { stack: 'other' }),
  ],
  nodes: [up],
  configs: [config(nameOf(run, 1))],
}

function renamed(one: object, Name: string): object {
  return { ...one, Spec: { ...Object(one).Spec, Name } }
}

function sweep({ reader, writer }: PlayedSwarm, more: Partial<SweepParts> = {}) {
  const deadlines = { objectsMs: 2_000, tasksMs: 2_000, downNodeMs: 30 }
  const given = { reader, writer, atOnce: 2, signal: never, onProgress: () => undefined, deadlines, intervalMs: 5 }
  return sweepRun(run, { ...given, ...more })
}

test('all of the run goes and nothing else, and no network before the last task on it has ended', async () => {
  await using swarm = await playSwarm(left, { lives: { t1: 6, t2: 3 } })
  const swept = await sweep(swarm)
  expect({ ...swept, objects: swept.objects.toSorted() }).toEqual({
    ...{ run, owner: 'prod', left: [] },
    objects: [
      `config ${nameOf(run, 1)}`,
      `network ${nets[0]}`,
      `network ${nets[1]}`,
      `service ${nameOf(run, 1)}`,
      `service ${nameOf(run, 2)}`,
    ],
  })
  expect(swarm.left()).toEqual(['other', 'proxy', 'othernet'])
  expect(swarm.leaks).toEqual([])
  const before = swarm.changes.length
  expect(await sweep(swarm)).toEqual({ run, owner: '', objects: [], left: [] })
  expect(swarm.changes).toHaveLength(before)
})

const ofTask = (Id: string, task: string, more: object = {}): object => ({
  ...{ Id, Names: [`/${nameOf(run, 1)}.1.${task}`], State: 'exited' },
  Labels: { ...labels, 'com.docker.swarm.task.id': task, ...more },
})

test('a container that the Swarm has forgotten goes before the lock, and no other does', async () => {
  const lock = { ...config(lockName), Version: { Index: 3 }, CreatedAt: '2026-11-20T11:00:00Z' }
  const other = { 'pvcheck.run': '20261120T110000Z-00bb' }
  const containers = [
    ofTask('c1', 't1'),
    ofTask('c2', 't2'),
    ofTask('another', 't3', other),
    { ...ofTask('copy', 't4'), Names: ['/copy'] },
    { Id: 'guest', Names: ['/guest'], Labels: {} },
  ]
  await using swarm = await playSwarm({ ...left, configs: [lock], containers }, { goes: { c2: 2 } })
  const asked = { startedAt: '2026-11-20T12:00:00Z', durationMs: 1, what: 'POST', status: 200, body: '' }
  const writer = { ...swarm.writer, updateConfig: async () => asked }
  const swept = await sweep(swarm, { writer, containersMs: 50 })
  expect(swept.left).toEqual([])
  expect(swept.objects).toContain(`container ${nameOf(run, 1)}.1.t1`)
  expect(swept.objects).not.toContain(`container ${nameOf(run, 1)}.1.t2`)
  expect(swarm.changes.slice(-2)).toEqual(['DELETE /containers/c1', 'DELETE /configs/pvchecklock'])
  expect(swarm.left()).toEqual(['other', 'proxy', 'othernet', 'another', 'copy', 'guest'])
  // Nothing but a container is a run to be swept, too.
  await using bare = await playSwarm({ containers: [ofTask('c1', 't1')] })
  const rest = await sweep(bare, { containersMs: 0 })
  expect(rest).toEqual({ run, owner: '', objects: [`container ${nameOf(run, 1)}.1.t1`], left: [] })
})

test('a container that cannot be removed is left, with what the engine says', { timeout: 20_000 }, async () => {
  const live = { ...task('t9', { of: 'else' }), ServiceID: 'else' }
  const raw = { services: [service('else', {})], tasks: [live], containers: [ofTask('c1', 't9'), ofTask('c2', 't2')] }
  const stuck = 'DELETE /containers/c2'
  await using swarm = await playSwarm(raw, { faults: { [stuck]: Array.from({ length: 500 }, () => 500) } })
  const swept = await sweep(swarm, { containersMs: 0, removalMs: 300 })
  expect(swept.objects).toEqual([])
  expect(swept.left).toEqual([
    expect.stringContaining('is of the task t9, which is running'),
    `container ${nameOf(run, 1)}.1.t2: the engine answered its removal with 500: played 500`,
  ])
  expect(swarm.left()).toContain('c1')
})

test('what a node that is down holds is named, with until when; the rest goes', async () => {
  const [first, second] = left.tasks ?? []
  const tasks = [{ ...first, NodeID: 'far' }, { ...second }]
  const nodes = [up, node('far', 'down', '2026-11-20T11:30:00Z')]
  await using swarm = await playSwarm({ ...left, tasks, nodes }, { lives: { t1: 1_000 } })
  const swept = await sweep(swarm)
  expect(swept.left).toEqual([
    expect.stringMatching(
      new RegExp(
        String.raw`^task t1 on far, which is down: it holds 10\.1\.0\.3 on ${nets[0]}, .* by 2026-11-21T11:30:00\.000Z`,
      ),
    ),
    expect.stringContaining(`network ${nets[0]}: held by task t1`),
  ])
  expect(swarm.left()).toEqual(['other', 'proxy', 'net1', 'othernet'])
  expect(swarm.leaks).toEqual([])
})

test('called off, it says what is still there, and goes on when it is called again', async () => {
  const stop = new AbortController()
  const lock = config(lockName)
  const raw = { ...left, configs: [...(left.configs ?? []), lock] }
  await using swarm = await playSwarm(raw, {
    lives: { t1: 20, t2: 20 },
    after: (request) => request.startsWith('DELETE /services') && stop.abort(new Error('called off')),
  })
  const half = await sweep(swarm, { signal: stop.signal })
  expect(half.left.length).toBeGreaterThan(0)
  expect(half.left.join('\n')).toContain('called off')
  expect(swarm.left()).toEqual(expect.arrayContaining(['net1', 'net2', 'pvchecklock']))
  const rest = await sweep(swarm, { keepLock: true })
  expect(rest.left).toEqual([])
  expect(rest.objects).not.toContain(`config ${lockName}`)
  expect(swarm.left()).toEqual(['other', 'proxy', 'othernet', 'pvchecklock'])
  expect(swarm.leaks).toEqual([])
})

test('of what may have been created only that is settled which a full list no longer has', async () => {
  const gone: string[] = []
  const kept = renamed(service('kept', { on: ['proxy'] }), 'kept')
  await using swarm = await playSwarm({ ...left, services: [...(left.services ?? []), kept] })
  const swept = await sweep(swarm, {
    intents: {
      open: [
        { kind: 'service', name: nameOf(run, 1), id: 'web1' },
        { kind: 'service', name: nameOf(run, 7) },
        { kind: 'service', name: nameOf(run, 8), id: 'kept' },
      ],
      mayAppearMs: 50,
      gone: async (kind, name) => void gone.push(`${kind} ${name}`),
    },
  })
  expect(gone).toEqual([`service ${nameOf(run, 1)}`, `service ${nameOf(run, 7)}`])
  expect(swept.left).toEqual([`service ${nameOf(run, 8)}: it no longer carries the mark of its run, and is left alone`])
  expect(swarm.left()).toContain('kept')
})

test('its lock goes last, and is settled like the rest', async () => {
  const lock = { ...config(lockName), Version: { Index: 3 }, CreatedAt: '2026-11-20T11:00:00Z' }
  const gone: string[] = []
  await using swarm = await playSwarm({ ...left, configs: [lock] })
  const asked = { startedAt: '2026-11-20T12:00:00Z', durationMs: 1 }
  const fenced = { ...asked, what: 'POST /configs/pvchecklock/update', status: 200, body: '' }
  const swept = await sweep(swarm, {
    writer: { ...swarm.writer, updateConfig: async () => fenced },
    intents: {
      open: [{ kind: 'config', name: lockName, id: 'pvchecklock' }],
      mayAppearMs: 0,
      gone: async (kind, name) => void gone.push(`${kind} ${name}`),
    },
  })
  expect(swept.left).toEqual([])
  expect(swarm.left()).toEqual(['other', 'proxy', 'othernet'])
  expect(swarm.changes.at(-1)).toContain('pvchecklock')
  expect(gone).toEqual([`config ${lockName}`])
})
