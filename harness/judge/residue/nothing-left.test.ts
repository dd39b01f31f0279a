import { expect, test } from 'vitest'
import { lockName } from '../../model/mark.ts'
import { noOverlayLeft } from './no-overlay-left.ts'
import { nothingLeftInSwarm } from './nothing-left-in-swarm.ts'
import { nothingLeftOnEngine } from './nothing-left-on-engine.ts'
import {
  type Change,
  container,
  judged,
  marks,
  mount,
  network,
  networkId,
  own,
  said,
  service,
  serviceId,
  stored,
  task,
  volume,
} from './testing/looks.ts'

const anonymous = '1a106d7333209dc74e5012d3936721f0736678aae4a1114cfc653a12cba4a2a6'

test('where nothing is left, each check says among how much it looked', () => {
  const checks = [nothingLeftInSwarm, nothingLeftOnEngine, noOverlayLeft]
  expect(checks.flatMap((check) => said(judged(check)))).toEqual([
    'pass: the Swarm: none of 2 objects that the run may have created, among 6 objects and 1 task',
    'pass: m: none among 1 container and 1 volume',
    'pass: m: none of 1 network of the run, among 3 namespaces and 2 interfaces',
  ])
})

test.each<readonly [string, Change, string]>([
  ['a service', (look) => look.services.push(service('x', 'i', marks)), 'service x'],
  ['a network', (look) => look.networks.push(network('x', 'i', marks)), 'network x'],
  ['a config', (look) => look.configs.push(stored('x', 'i', marks)), 'config x'],
  ['a secret', (look) => look.secrets.push(stored('x', 'i', marks)), 'secret x'],
  ['what was created, its label gone', (look) => look.services.push(service('x', serviceId)), 'service x'],
  ['what has the name of a create', (look) => look.networks.push(network(own.network, 'i')), `network ${own.network}`],
  [
    'a name that only the run gives',
    (look) => look.configs.push(stored(`${own.service}-a`, 'i')),
    `config ${own.service}-a`,
  ],
  [
    'a config called like the lock of nobody',
    (look) => look.secrets.push(stored(lockName, 'i', marks)),
    `secret ${lockName}`,
  ],
  ['a task of its service', (look) => look.tasks.push(task('t2', serviceId, 'running')), 'task t2 (running)'],
  ['a task with its label', (look) => look.tasks.push(task('t2', 'gone', 'new', marks)), 'task t2 (new)'],
])('left in the Swarm: %s', (_, after, subject) => {
  const found = judged(nothingLeftInSwarm, { after })
  expect(found).toMatchObject([{ subject, verdict: 'fail', code: 'RESIDUE_LEFT' }])
  expect(found[0]?.remedy).toBeTruthy()
})

test.each<readonly [string, Change]>([
  ['the lock of the run', (look) => look.configs.push(stored(lockName, 'i', marks))],
  [
    'what another run made',
    (look) => look.services.push(service('x', 'i', { ...marks, 'pvcheck.run': '20261120T121700Z-0000' })),
  ],
  ['an ended task that is still listed', (look) => look.tasks.push(task('t2', serviceId, 'shutdown'))],
  ['what is no service, and is named like one', (look) => look.configs.push(stored('x', serviceId))],
])('is no residue in the Swarm: %s', (_, after) => {
  expect(judged(nothingLeftInSwarm, { after })).toMatchObject([{ verdict: 'pass' }])
})

test.each<readonly [string, Change, string, string]>([
  ['a container with its label', (look) => look.containers.push(container('x', marks)), 'container x', 'RESIDUE_LEFT'],
  [
    'a container of its service',
    (look) => look.containers.push(container('x', { 'com.docker.swarm.service.id': serviceId })),
    'container x',
    'RESIDUE_LEFT',
  ],
  [
    'a guest on its network',
    (look) => look.containers.push(container('x', {}, { network: networkId })),
    'container x',
    'RESIDUE_IN_USE',
  ],
  [
    'a guest that never started',
    (look) => look.containers.push(container('x', {}, { network: '', joined: own.network })),
    'container x',
    'RESIDUE_IN_USE',
  ],
  ['a volume with its label', (look) => look.volumes.push(volume('x', marks)), 'volume x', 'RESIDUE_LEFT'],
  [
    'a volume that nobody explains',
    (look) => look.volumes.push(volume(anonymous)),
    `volume ${anonymous}`,
    'RESIDUE_UNEXPLAINED',
  ],
])('left on the engine: %s', (_, after, subject, code) => {
  expect(judged(nothingLeftOnEngine, { after })).toMatchObject([{ subject, code, verdict: 'fail' }])
})

test('a volume without a name is explained by who uses it, by having been there, and by a run without services', () => {
  const after: Change = (look) => look.volumes.push(volume(anonymous))
  const used: Change = (look) => {
    look.volumes.push(volume(anonymous))
    look.containers.push(container('x', {}, { volume: anonymous }))
  }
  for (const scene of [{ after: used }, { before: after, after }, { after, deeds: [] }]) {
    expect(judged(nothingLeftOnEngine, scene)).toMatchObject([{ verdict: 'pass' }])
  }
  const named: Change = (look) => look.volumes.push(volume('somebody_data'))
  expect(judged(nothingLeftOnEngine, { after: named })).toMatchObject([{ verdict: 'pass' }])
})

const id10 = networkId.slice(0, 10)

test.each<readonly [string, Change, string]>([
  ['the namespace of an overlay', (look) => look.mounts.push(mount(`1-${id10}`)), `namespace 1-${id10}`],
  ['one of a later engine', (look) => look.mounts.push(mount(`12-${id10}`)), `namespace 12-${id10}`],
  ['that of its load balancer', (look) => look.mounts.push(mount('lb_netown000')), 'namespace lb_netown000'],
  ['an interface', (look) => look.links.push('31: vx-001003-netow: <UP> mtu 1450'), 'interface vx-001003-netow'],
  ['a bridge', (look) => look.links.push('32: ov-001003-netow: <UP> mtu 1450'), 'interface ov-001003-netow'],
])('left on the host: %s', (_, after, subject) => {
  const found = judged(noOverlayLeft, { after })
  expect(found).toMatchObject([{ subject, verdict: 'fail' }])
  expect(said(found)[0]).toContain(`of the removed network ${own.network}`)
})

test('what a network that is there has on the host is no residue of it, and neither is an empty file', () => {
  const present: Change = (look) => {
    look.networks.push(network(own.network, networkId, marks))
    look.mounts.push(mount(`1-${id10}`))
  }
  const file: Change = (look) => look.files.push(`1-${id10}`)
  const shared: Change = (look) => {
    look.networks.push(network('other', 'netow1111'))
    look.links.push('31: vx-001003-netow: <UP> mtu 1450')
  }
  for (const after of [present, file, shared]) {
    expect(judged(noOverlayLeft, { after })).toMatchObject([{ verdict: 'pass' }])
  }
})

const failed = { exitCode: 2, stdout: '', stderr: 'Permission denied', truncated: false }

test.each<readonly [string, Change, RegExp]>([
  ['no commands', (look) => void Object.assign(look, { host: { unavailable: 'no ssh' } }), /no ssh/],
  [
    'mounts that are not shown',
    (look) => void Object.assign(look, { mounts: ['22 1 0:5 / / rw - ext4 /dev/x rw'] }),
    /no mount is/,
  ],
  [
    'mounts of `ip netns` alone',
    (look) => void Object.assign(look, { mounts: [mount('blue').replace('/run/docker/', '/run/')] }),
    /namespaces of dockerd are not to be seen: their files are there/,
  ],
  [
    'mounts that cannot be read',
    (look) => void Object.assign(look, { host: { mounts: failed, files: failed, links: failed } }),
    /mounts of the host could not be read: exit code 2/,
  ],
  [
    'a command that did not come back',
    (look) => void Object.assign(look, { host: { mounts: { error: 'too late' }, files: failed, links: failed } }),
    /too late/,
  ],
])('what of the host cannot be seen is unknown: %s', (_, after, reason) => {
  expect(judged(noOverlayLeft, { after })).toMatchObject([
    { verdict: 'unknown', reason: expect.stringMatching(reason) },
  ])
})

test('of other nodes it is said that nobody looked there', () => {
  const after: Change = (look) => void Object.assign(look.engine.Swarm, { Nodes: 3 })
  for (const check of [nothingLeftOnEngine, noOverlayLeft]) {
    expect(judged(check, { after })).toMatchObject([{ reason: expect.stringContaining('2 other nodes') }])
  }
})
