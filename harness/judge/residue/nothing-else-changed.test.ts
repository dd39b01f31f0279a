import { expect, test } from 'vitest'
import { lockName } from '../../model/mark.ts'
import { nothingElseChanged } from './nothing-else-changed.ts'
import {
  type Change,
  deeds,
  judged,
  marks,
  network,
  networkId,
  own,
  type RawLook,
  said,
  service,
  serviceId,
  stored,
} from './testing/looks.ts'

/** All findings but the one that counts what is the same. */
const beside = (scene: Parameters<typeof judged>[1]) => said(judged(nothingElseChanged, scene).slice(1))
const web = ({ services }: RawLook): RawLook['services'][number] => {
  const [first] = services
  if (first === undefined) throw new Error('no service')
  return first
}

test('what is the same is counted, by kind', () => {
  expect(said(judged(nothingElseChanged))).toEqual([
    'pass: foreign objects: 6 foreign objects unchanged: 2 services, 2 networks, 1 config, 1 secret',
  ])
})

test.each<readonly [string, Change, string]>([
  [
    'a label of a foreign service',
    (look) => {
      const touched = web(look)
      touched.Spec.Labels = { a: 'b' }
      touched.Version.Index = 9
      touched.UpdatedAt = '2026-11-20T12:10:00Z'
    },
    'pass: service web: its spec (1 of its labels) changed at 2026-11-20T12:10:00Z, version 7 to 9',
  ],
  [
    'a version alone',
    (look) => void Object.assign(web(look).Version, { Index: 9 }),
    'pass: versions: 1 version moved, what is wanted is the same: service web from 7 to 9 at 2026-11-20T12:00:00Z',
  ],
  [
    'a new service',
    (look) => look.services.push(service('fresh', 'svcfresh')),
    'pass: service fresh: created at 2026-11-20T12:00:00Z',
  ],
  [
    'a config that is gone',
    (look) => void Object.assign(look, { configs: [] }),
    'pass: config site: removed between 2026-11-20T12:30:00Z and 2026-11-20T12:30:00Z',
  ],
  [
    'a bridge after a restart of dockerd',
    (look) => void look.networks.splice(1, 1, network('bridge', 'netbridge2')),
    'pass: network bridge: removed, and created again at 2026-11-20T12:00:00Z: netbridge is netbridge2 now',
  ],
])("somebody else's doing is named: %s", (_, after, finding) => {
  expect(beside({ after })).toEqual([finding])
})

test.each<readonly [string, Change]>([
  ['who is on a network', (look) => void Object.assign(look.networks[0] ?? {}, { Containers: { c: {} }, Peers: [] })],
  [
    'the order of keys',
    (look) => look.services.forEach((one) => void Object.assign(one, { Spec: reversed(one.Spec) })),
  ],
  ['what the run left behind', (look) => look.networks.push(network(own.network, networkId, marks))],
  ['what is named by the run', (look) => look.services.push(service('x', serviceId))],
  ['the lock', (look) => look.configs.push(stored(lockName, 'i', marks))],
])('is no change: %s', (_, after) => {
  expect(beside({ after })).toEqual([])
})

function reversed<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).toReversed()) as T
}

test('a change of what the run has an intent about, and did not create, is a failure', () => {
  const named = { deeds: [...deeds, { kind: 'config' as const, name: 'x', id: 'cfgsite' }] }
  const gone: Change = (look) => void Object.assign(look, { configs: [] })
  expect(judged(nothingElseChanged, { ...named, after: gone })).toMatchObject([
    { verdict: 'pass' },
    { subject: 'config site', verdict: 'fail', code: 'RESIDUE_UNEXPLAINED' },
  ])
  const moved: Change = (look) => look.configs.forEach((one) => void Object.assign(one.Version, { Index: 9 }))
  expect(judged(nothingElseChanged, { ...named, after: moved })).toMatchObject([
    { verdict: 'pass' },
    { subject: 'config site', verdict: 'fail', code: 'RESIDUE_UNEXPLAINED' },
  ])
})

test('a foreign object that carries the mark of the run now is a failure', () => {
  const after: Change = (look) => void Object.assign(web(look).Spec, { Labels: marks })
  expect(judged(nothingElseChanged, { after })).toMatchObject([
    { verdict: 'pass' },
    { subject: 'service web', verdict: 'fail', code: 'RESIDUE_FOREIGN_MARKED' },
  ])
})

test.each<readonly [string, Change]>([
  ['removed', (look) => void look.networks.splice(0, 1)],
  ['created again', (look) => void look.networks.splice(0, 1, network('proxy', 'netproxy2'))],
  ['changed', (look) => void Object.assign(look.networks[0] ?? {}, { Attachable: true })],
])('the shared network %s is a failure, whoever did it', (_, after) => {
  expect(judged(nothingElseChanged, { after })).toMatchObject([
    { verdict: 'pass' },
    { subject: 'network proxy', verdict: 'fail', code: 'RESIDUE_SHARED_NETWORK' },
  ])
})

test('a service of somebody else that uses what the run created is a failure, whether that is still there or not', () => {
  const after: Change = (look) =>
    look.services.push(service('guest', 'svcguest', {}, { Networks: [{ Target: networkId }] }))
  expect(beside({ after })).toEqual([
    'pass: service guest: created at 2026-11-20T12:00:00Z',
    `fail: service guest: uses ${networkId}, which is gone`,
  ])
  const there: Change = (look) => {
    look.configs.push(stored('ours', 'cfgours', marks))
    look.secrets.push(stored('ours', 'secours', marks))
    const Configs = [{ ConfigID: 'cfgours' }]
    web(look).Spec.TaskTemplate = {
      ContainerSpec: { Image: 'x:1', ...{ Configs, Secrets: [{ SecretID: 'secours' }] } },
    }
  }
  expect(beside({ after: there })).toEqual([
    'pass: service web: its spec changed at 2026-11-20T12:00:00Z, version 7 to 7',
    'fail: service web: uses config ours, secret ours',
  ])
})

test('a Swarm that never stood still is told of', () => {
  const after: Change = (look) => void Object.assign(look, { settled: false })
  expect(judged(nothingElseChanged, { after })).toMatchObject([{ verdict: 'pass', reason: /at work/ }])
})
