import { createRedactor } from '../../../core/redact.ts'
import type { Check, Judgement } from '../../../model/check.ts'
import { expectationsSchema } from '../../../model/expectations.ts'
import { objectsAfter } from '../../../model/facts/residue/objects-after.ts'
import { objectsBefore } from '../../../model/facts/residue/objects-before.ts'
import { runDeeds } from '../../../model/facts/run-deeds.ts'
import { labelsOf, nameOf } from '../../../model/mark.ts'

export const run = '20261120T121700Z-3f2a'
export const marks = labelsOf({ run, owner: 'prod-1', expires: '2026-11-20T13:17:00.000Z' })
/** The names of the run's first stack. */
export const own = { service: nameOf(run, 1), network: nameOf(run, 1, 'net') }
export const serviceId = 'svcown000000000000000000a'
export const networkId = 'netown0000000000000000000'
const at = '2026-11-20T12:00:00Z'

const raw = {
  engine: { Name: 'm', SystemTime: '2026-11-20T12:30:00Z', Swarm: { NodeID: 'n', Nodes: 1 } },
  services: [service('web', 'svcweb'), service('db', 'svcdb')],
  tasks: [task('t1', 'svcweb', 'running')],
  networks: [network('proxy', 'netproxy00000000000000000'), network('bridge', 'netbridge')],
  configs: [stored('site', 'cfgsite')],
  secrets: [stored('key', 'seckey')],
  containers: [container('web.1.t1', { 'com.docker.swarm.service.id': 'svcweb' })],
  volumes: [volume('data')],
  mounts: [mount('ingress_sbox'), mount('1-netproxy00'), mount('28eb597b89eb')],
  files: ['ingress_sbox', '1-netproxy00', '28eb597b89eb'],
  links: ['1: lo: <LOOPBACK> mtu 65536', '10: vethcab5e70@if9: <UP> mtu 1500'],
  host: undefined as object | undefined,
  settled: true,
}
export type RawLook = typeof raw
export type Change = (look: RawLook) => void

export const deeds: { kind: 'service' | 'network' | 'config' | 'secret'; name: string; id?: string }[] = [
  { kind: 'network', name: own.network, id: networkId },
  { kind: 'service', name: own.service, id: serviceId },
]

export function service(name: string, id: string, labels: object = {}, template: object = {}) {
  const Spec = { Name: name, Labels: labels, TaskTemplate: { ContainerSpec: { Image: 'x:1' }, ...template } }
  return { ID: id, Version: { Index: 7 }, CreatedAt: at, UpdatedAt: at, Spec }
}

/** A config or a secret. */
export function stored(name: string, id: string, labels: object = {}) {
  const Spec = { Name: name, Labels: labels, Data: 'eA==' }
  return { ID: id, Version: { Index: 7 }, CreatedAt: at, UpdatedAt: at, Spec }
}

export function network(name: string, id: string, labels: object = {}) {
  const Containers: object | null = null
  return { Id: id, Name: name, Created: at, Scope: 'swarm', Driver: 'overlay', Labels: labels, Containers }
}

export function task(id: string, service: string, state: string, labels: object = {}) {
  return {
    ...{ ID: id, CreatedAt: at, ServiceID: service, NodeID: 'n', DesiredState: 'remove' },
    Spec: { ContainerSpec: { Labels: labels } },
    Status: { Timestamp: at, State: state },
    NetworksAttachments: [{ Network: { ID: 'netproxy' }, Addresses: ['10.10.0.9/16'] }],
  }
}

export function container(
  name: string,
  labels: object = {},
  more: { volume?: string; network?: string; joined?: string } = {},
) {
  return {
    ...{ Id: 'c0ffee00c0ffee00', Names: [`/${name}`], State: 'exited', Labels: labels },
    Mounts: more.volume === undefined ? [] : [{ Type: 'volume', Name: more.volume }],
    NetworkSettings: { Networks: { [more.joined ?? 'any']: { NetworkID: more.network ?? 'netproxy' } } },
  }
}

export function volume(name: string, labels: object | null = null) {
  return { Name: name, CreatedAt: at, Labels: labels }
}

export function mount(file: string): string {
  return `747 1829 0:4 net:[4026534807] /run/docker/netns/${file} rw shared:652 - nsfs nsfs rw`
}

/** As the question saves it, and as evidence keeps it. */
function saved(change: Change): unknown {
  const look = structuredClone(raw)
  change(look)
  const said = (lines: readonly string[]) => ({ exitCode: 0, stdout: lines.join('\n'), stderr: '', truncated: false })
  const { engine, mounts, files, links, host, settled, volumes, ...lists } = look
  const answers = [...Object.entries(lists), ['volumes', { Volumes: volumes }] as const]
  return createRedactor([])({
    ...{ engine, settled },
    lists: answers.map(([of, answer]) => ({ of, answer })),
    host: host ?? { mounts: said(mounts), files: said(files), links: said(links) },
  })
}

interface Scene {
  readonly before?: Change
  readonly after?: Change
  readonly deeds?: typeof deeds
}

const nothing: Change = () => undefined
type ResidueNeeds = { deeds: typeof runDeeds; before: typeof objectsBefore; after: typeof objectsAfter }

/** Judges a Swarm in which the run did its deeds and left nothing, but for the changes made to it here. */
export function judged(check: Pick<Check<ResidueNeeds>, 'judge'>, scene: Scene = {}): readonly Judgement[] {
  const facts = {
    deeds: runDeeds.schema.parse({ run, deeds: scene.deeds ?? deeds }),
    before: objectsBefore.schema.parse(saved(scene.before ?? nothing)),
    after: objectsAfter.schema.parse(saved(scene.after ?? nothing)),
  }
  return check.judge(facts, expectationsSchema.parse({}))
}

/** `verdict: subject: actual` of each. */
export function said(judgements: readonly Judgement[]): readonly string[] {
  return judgements.map(({ verdict, subject, actual }) => `${verdict}: ${subject}: ${actual}`)
}
