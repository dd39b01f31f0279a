import { expect, test } from 'vitest'
import { createRedactor } from '../../core/redact.ts'
import { expectationsSchema } from '../../model/expectations.ts'
import { objectsAfter } from '../../model/facts/residue/objects-after.ts'
import { objectsBefore } from '../../model/facts/residue/objects-before.ts'
import { runDeeds } from '../../model/facts/run-deeds.ts'
import type { RecordBody } from '../../model/record.ts'
import type { EngineAnswer, EngineReader } from '../../reach/engine/reader.ts'
import { createFactReader } from '../reader.ts'

const at = '2026-11-20T12:00:00Z'
const info = { Name: 'm', SystemTime: at, Swarm: { NodeID: 'n' } }
const secret = (id: string, version = 1) => {
  return { ID: id, Version: { Index: version }, CreatedAt: at, UpdatedAt: at, Spec: { Name: id, Labels: {} } }
}

/** A reader of an engine whose n-th look at secrets finds what `secrets` says; the other lists are empty. */
function openReader(secrets: (look: number) => unknown, status = 200) {
  let looks = 0
  const answer = async (body: unknown, code = 200): Promise<EngineAnswer> => {
    return { what: 'GET /x', startedAt: at, durationMs: 1, status: code, body }
  }
  const names = ['services', 'tasks', 'networks', 'configs', 'containers'] as const
  const engine = {
    ...Object.fromEntries(names.map((name) => [name, () => answer([])])),
    ...{ info: () => answer(info), volumes: () => answer({ Volumes: null }) },
    secrets: () => answer(secrets(++looks), status),
  }
  const target = {
    ...{ label: 't', fingerprint: { cluster: 'c', node: 'n', engine: '20.10' } },
    ...{ host: { unavailable: 'tcp' }, http: undefined as never },
    // Only what is asked for is there.
    engine: engine as unknown as EngineReader,
  }
  const saved: RecordBody[] = []
  const recorder = { append: async (body: RecordBody) => saved.push(body) }
  return {
    reader: createFactReader(target, recorder, createRedactor([]), expectationsSchema.parse({})),
    saved,
    looks: () => looks,
  }
}

test('two looks that find the same are enough, and ids of secrets are no secrets', async () => {
  const { reader, looks } = openReader(() => [secret('abc')])
  const { value } = await reader.read(objectsBefore)
  expect(value).toMatchObject({ settled: true, objects: [{ kind: 'secret', id: 'abc' }] })
  expect(looks()).toBe(2)
})

test('a Swarm that moved meanwhile is looked at again', async () => {
  const { reader, looks } = openReader((look) => [secret('abc', Math.min(look, 2))])
  expect((await reader.read(objectsBefore)).value).toMatchObject({ settled: true, objects: [{ version: 2 }] })
  expect(looks()).toBe(3)
})

test('one that never stands still is looked at four times, and the last look is saved as such', async () => {
  const { reader, looks } = openReader((look) => [secret('abc', look)])
  expect((await reader.read(objectsBefore)).value).toMatchObject({ settled: false, objects: [{ version: 4 }] })
  expect(looks()).toBe(4)
})

test('what the run removed is waited for until it is gone', async () => {
  const { reader, looks } = openReader((look) => (look < 4 ? [secret('abc')] : []))
  await reader.keep(runDeeds, { run: '20261120T121700Z-3f2a', deeds: [{ kind: 'secret', name: 'abc', id: 'abc' }] })
  expect((await reader.read(objectsAfter)).value).toMatchObject({ settled: true, objects: [] })
  expect(looks()).toBe(5)
})

test('a list that the engine refuses makes the whole unknown, and so does one of another shape', async () => {
  const refused = openReader(() => ({ message: 'no leader' }), 503)
  await expect(refused.reader.read(objectsBefore)).rejects.toMatchObject({ code: 'OBSERVE_ENGINE_REFUSED' })
  const odd = openReader(() => [{ Id: 'abc' }])
  await expect(odd.reader.read(objectsBefore)).rejects.toMatchObject({ code: 'OBSERVE_SHAPE' })
  expect(odd.saved).toMatchObject([{ kind: 'observation', fact: 'objects-before', raw: { settled: false } }])
})

test('where nobody knows what the run did, nothing can be said of what it left', async () => {
  await expect(openReader(() => []).reader.read(objectsAfter)).rejects.toMatchObject({ code: 'OBSERVE_UNKNOWN_FACT' })
})
