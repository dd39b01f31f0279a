import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lower } from '../../../lab/host/down.ts'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { bareGuest } from '../../../lab/host/testing/bare-guest.ts'
import { raise } from '../../../lab/host/up.ts'
import { labelsOf, type Mark, nameOf } from '../../model/mark.ts'
import { attach } from '../../reach/attach.ts'
import { attachWriter } from '../../reach/attach-writer.ts'
import { connect } from '../../reach/connect.ts'
import { type EngineEvent, nanosOf } from '../../reach/engine/events.ts'
import type { EngineAnswer, EngineReader } from '../../reach/engine/reader.ts'
import type { EngineWriter } from '../../reach/engine/writer.ts'
import type { Connection } from '../../reach/target.ts'
import { createOwnHand, type OwnHand } from './own.ts'

const quiet = { progress: () => undefined }
const mark: Mark = { run: '20261120T121700Z-3f2a', owner: 'prod-1', expires: '2026-11-20T13:17:00.000Z' }
/** An image nobody has, in a registry that refuses at once. */
const image = '127.0.0.1:1/none:1'
let machine: LabMachine
let stateDir: string
let connection: Connection
let reader: EngineReader
let writer: EngineWriter
let own: OwnHand

beforeAll(async () => {
  machine = await raise(quiet, { guest: bareGuest })
  stateDir = await mkdtemp(join(tmpdir(), 'pvo-'))
  connection = await connect(
    {
      engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
      host: { kind: 'ssh', destination: 'lab' },
      sshConfigPath: machine.sshConfig,
      timeoutMs: 10_000,
    },
    { signal: new AbortController().signal, stateDir },
  )
  // As the process that runs the specs gets its hands.
  reader = attach(connection.handle).engine
  writer = attachWriter(connection.handle)
  own = createOwnHand({ reader, writer }, () => mark)
}, 60_000)

afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await rm(stateDir, { recursive: true, force: true })
  await lower({ which: { name: machine.name }, ...quiet })
}, 30_000)

function idIn({ status, body }: EngineAnswer): string {
  expect([status, body]).toEqual([201, expect.anything()])
  return z.union([z.object({ ID: z.string() }).transform(({ ID }) => ID), idOfNetwork]).parse(body)
}
const idOfNetwork = z.object({ Id: z.string() }).transform(({ Id }) => Id)

/** Everything in the Swarm with the label, by the lists of all. */
async function labelled(): Promise<unknown[]> {
  const filters = { label: [`pvcheck.run=${mark.run}`] }
  const lists = await Promise.all([
    reader.services({ filters }),
    reader.networks({ filters }),
    reader.configs({ filters }),
    reader.secrets({ filters }),
  ])
  expect(lists.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  return lists.flatMap(({ body }) => z.array(z.unknown()).parse(body ?? []))
}

const data = Buffer.from('x').toString('base64')

test('what the own hand creates is marked, seen in order, and gone when it has removed it', async () => {
  const { SystemTime } = z.object({ SystemTime: z.string() }).parse((await reader.info()).body)
  const signal = AbortSignal.timeout(60_000)
  const types = ['service', 'network', 'config', 'secret'] as const
  const events = await reader.events({ types, sinceNs: nanosOf(SystemTime), signal })
  const seen: EngineEvent[] = []
  const reading = (async () => {
    for await (const event of events) {
      // An engine also tells of the updates that the allocation of addresses makes; and a new Swarm makes its `ingress`.
      const isOurs = event.attributes['name']?.startsWith('pvc-') === true
      if (isOurs && event.action !== 'update') seen.push(event)
      if (seen.length === 8) return
    }
  })()

  const name = (number: number) => nameOf(mark.run, number)
  const network = idIn(await own.createNetwork({ Name: name(1), Driver: 'overlay', CheckDuplicate: true }))
  const config = idIn(await own.createConfig({ Name: name(2), Data: data }))
  const secret = idIn(await own.createSecret({ Name: name(3), Data: data }))
  const file = (path: string) => ({ Name: path, UID: '0', GID: '0', Mode: 0o400 })
  const created = await own.createService({
    Name: name(4),
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Configs: [{ ConfigID: config, ConfigName: name(2), File: file('/c') }],
        Secrets: [{ SecretID: secret, SecretName: name(3), File: file('s') }],
      },
      LogDriver: { Name: 'none' },
      Networks: [{ Target: network }],
    },
    Mode: { Replicated: { Replicas: 0 } },
  })
  const service = idIn(created)
  expect(created.body).not.toHaveProperty('Warnings')

  const Labels = labelsOf(mark)
  const inSwarm = await Promise.all([reader.config(config), reader.secret(secret), reader.service(service)])
  for (const { body } of inSwarm) expect(body).toMatchObject({ Spec: { Labels } })
  expect((await reader.network(network)).body).toMatchObject({ Labels, Driver: 'overlay', Scope: 'swarm' })
  expect(inSwarm[2].body).toMatchObject({ Spec: { TaskTemplate: { ContainerSpec: { Image: image, Labels } } } })
  expect(await labelled()).toHaveLength(4)

  // A refusal is an answer, and nothing has changed.
  for (const used of [
    await own.removeNetwork(network),
    await own.removeConfig(config),
    await own.removeSecret(secret),
  ]) {
    expect(used.status).toBeGreaterThanOrEqual(400)
    expect(used.body).toMatchObject({ message: expect.stringMatching(/in use/) })
  }
  expect(await labelled()).toHaveLength(4)

  const removeAll = async () => [
    (await own.removeService(service)).status,
    (await own.removeNetwork(network)).status,
    (await own.removeConfig(config)).status,
    (await own.removeSecret(secret)).status,
  ]
  for (const status of await removeAll()) expect([200, 204]).toContain(status)
  expect(await removeAll()).toEqual([404, 404, 404, 404])
  expect(await labelled()).toEqual([])

  await reading
  expect(seen.map(({ type, action, id }) => [type, action, id])).toEqual([
    ['network', 'create', network],
    ['config', 'create', config],
    ['secret', 'create', secret],
    ['service', 'create', service],
    ['service', 'remove', service],
    ['network', 'remove', network],
    ['config', 'remove', config],
    ['secret', 'remove', secret],
  ])
  expect(seen[3]?.attributes).toMatchObject({ name: name(4) })
  const times = seen.map(({ timeNano }) => timeNano)
  expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)))
})

test('that engine looks an image up, and warns, for an old API: it did not for the writing hand', async () => {
  const spec = JSON.stringify({ Name: 'asked', TaskTemplate: { ContainerSpec: { Image: image } } })
  const ask = `curl -s --unix-socket /var/run/docker.sock -H 'Content-Type: application/json'`
  const said = await runOn(machine, `${ask} -d '${spec}' http://d/v1.29/services/create; docker service rm asked >&2`)
  expect(said).toContain('Warnings')
})

describe('what is not of the run stays', () => {
  const others = { ...labelsOf(mark), 'pvcheck.run': '20261120T121700Z-ffff' }

  test.each([
    ['unmarked', {}],
    ['of another run', others],
    ['damaged', { 'pvcheck.run': mark.run }],
  ])('%s', async (_title, Labels) => {
    const config = idIn(await writer.createConfig({ Name: 'theirs', Data: data, Labels }))
    const secret = idIn(await writer.createSecret({ Name: 'theirs', Data: data, Labels }))
    const network = idIn(await writer.createNetwork({ Name: 'theirs', Driver: 'overlay', Labels }))
    const template = { ContainerSpec: { Image: image } }
    const zero = { Replicated: { Replicas: 0 } }
    const service = idIn(await writer.createService({ Name: 'theirs', Labels, TaskTemplate: template, Mode: zero }))
    const notOurs = { code: 'OWN_NOT_OURS' }
    await expect(own.removeConfig(config)).rejects.toMatchObject(notOurs)
    await expect(own.updateConfig(config, 1, {})).rejects.toMatchObject(notOurs)
    await expect(own.removeSecret(secret)).rejects.toMatchObject(notOurs)
    await expect(own.removeNetwork(network)).rejects.toMatchObject(notOurs)
    await expect(own.removeService(service)).rejects.toMatchObject(notOurs)
    const removed = [
      await writer.removeService(service),
      await writer.removeNetwork(network),
      await writer.removeConfig(config),
      await writer.removeSecret(secret),
    ]
    for (const { status } of removed) expect([200, 204]).toContain(status)
  })
})

test('a name can be taken once, and labels change only from the version that was read', async () => {
  const spec = { Name: nameOf(mark.run, 9), Data: data }
  const [one, two] = await Promise.all([own.createConfig(spec), own.createConfig(spec)])
  expect([one.status, two.status].sort()).toEqual([201, 409])
  const id = idIn(one.status === 201 ? one : two)
  const version = z.object({ Version: z.object({ Index: z.number() }) }).parse((await reader.config(id)).body)
    .Version.Index
  const later = { ...spec, Labels: { 'pvcheck.expires': '2026-11-20T14:00:00.000Z' } }
  expect(await own.updateConfig(id, version, later)).toMatchObject({ status: 200 })
  expect((await own.updateConfig(id, version, later)).status).toBeGreaterThanOrEqual(400)
  expect((await reader.config(id)).body).toMatchObject({ Spec: { Labels: { ...labelsOf(mark), ...later.Labels } } })
  expect((await own.removeConfig(id)).status).toBe(204)
})

test('the events end with dockerd, and say so', async () => {
  const events = await reader.events({ signal: AbortSignal.timeout(60_000) })
  const reading = (async () => {
    for await (const { type } of events) expect(type).toBeTypeOf('string')
  })()
  const ended = expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^REACH_(ENGINE_GONE|SSH_LOST)$/) })
  await runOn(machine, 'systemctl restart docker')
  await ended
})
