import type { RequestListener } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { labelsOf, type Mark } from '../../model/mark.ts'
import { createReader } from '../../reach/engine/read.ts'
import { createWriter } from '../../reach/engine/write.ts'
import type { ObjectSpec } from '../../reach/engine/writer.ts'
import { recordingEngine } from '../../reach/testing/recording-engine.ts'
import { createOwnHand, type OwnHand } from './own.ts'

const mark: Mark = { run: '20261120T121700Z-3f2a', owner: 'prod-1', expires: '2026-11-20T13:17:00.000Z' }
const marks = labelsOf(mark)
const id = 'mjq2pk0zzuh35pbh4utqs1nnl'

type Answer = readonly [status: number, body: unknown]

/** An engine that answers each `METHOD /kind` as told; `heard` has what it was asked, with the body of each. */
async function handOver(answers: Readonly<Record<string, Answer>>, at: () => Mark = () => mark) {
  const listener: RequestListener = (request, response) => {
    const [, , kind] = (request.url ?? '').split('/')
    const [status, body] = answers[`${request.method} ${kind}`] ?? [500, { message: 'not told' }]
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(body)))
  }
  const { link, heard } = await recordingEngine(listener, onTestFinished)
  const asked = () => heard.map((text) => text.split(' HTTP/1.1')[0])
  const sent = (at = 0): unknown => JSON.parse(heard[at]?.split('\r\n\r\n')[1] ?? '')
  return { own: createOwnHand({ reader: createReader(link), writer: createWriter(link) }, at), asked, sent }
}

const created: Answer = [201, { ID: id }]

describe('what it creates', () => {
  test.each<[string, (own: OwnHand, spec: ObjectSpec) => Promise<unknown>]>([
    ['networks', (own, spec) => own.createNetwork(spec)],
    ['configs', (own, spec) => own.createConfig(spec)],
    ['secrets', (own, spec) => own.createSecret(spec)],
  ])('carries the mark, and all that it was told besides: %s', async (kind, create) => {
    const { own, asked, sent } = await handOver({ [`POST ${kind}`]: created })
    const spec = { Name: 'x', Data: 'eA==', Labels: { a: '1' } }
    await expect(create(own, spec)).resolves.toMatchObject({ status: 201, body: { ID: id } })
    expect(sent()).toEqual({ ...spec, Labels: { a: '1', ...marks } })
    expect(asked()).toEqual([`POST /v1.41/${kind}/create`])
  })

  test('carries it on a service and on its containers, and is not routed', async () => {
    const { own, sent } = await handOver({ 'POST services': created })
    const container = { Image: 'busybox', Args: ['httpd'] }
    await own.createService({ Name: 'x', TaskTemplate: { ContainerSpec: container, ForceUpdate: 1 } })
    const Labels = { 'traefik.enable': 'false', ...marks }
    expect(sent()).toEqual({
      Name: 'x',
      Labels,
      TaskTemplate: { ContainerSpec: { ...container, Labels }, ForceUpdate: 1 },
    })
  })

  test('is routed where its labels say so', async () => {
    const { own, sent } = await handOver({ 'POST services': created })
    await own.createService({ Name: 'x', Labels: { 'traefik.enable': 'true' } })
    expect(sent()).toMatchObject({ Labels: { 'traefik.enable': 'true', ...marks } })
  })

  test('ends when the run does by then, or when its own labels say', async () => {
    let expires = '2026-11-20T13:20:00.000Z'
    const { own, sent } = await handOver({ 'POST configs': created }, () => ({ ...mark, expires }))
    expires = '2026-11-20T14:00:00.000Z'
    await own.createConfig({ Name: 'x' })
    expect(sent()).toMatchObject({ Labels: { 'pvcheck.expires': expires } })
    const other = await handOver({ 'POST configs': created })
    await other.own.createConfig({ Name: 'x', Labels: { 'pvcheck.expires': expires } })
    expect(other.sent()).toMatchObject({ Labels: { ...marks, 'pvcheck.expires': expires } })
  })

  test.each([
    { 'pvcheck.run': '20261120T121700Z-ffff' },
    { 'pvcheck.owner': 'other' },
    { 'pvcheck.expires': 'never' },
    { 'pvcheck.run': null },
  ])('does not deny its mark: %j', async (Labels) => {
    const { own, asked } = await handOver({})
    const denied = { code: 'OWN_MARK_DENIED' }
    await expect(own.createConfig({ Labels })).rejects.toMatchObject(denied)
    await expect(own.createService({ Labels })).rejects.toMatchObject(denied)
    const inside = { TaskTemplate: { ContainerSpec: { Labels } } }
    await expect(own.createService(inside)).rejects.toMatchObject(denied)
    expect(asked()).toEqual([])
  })

  test('and the engine refuses is the answer', async () => {
    const { own } = await handOver({ 'POST configs': [409, { message: 'name conflicts' }] })
    await expect(own.createConfig({ Name: 'x' })).resolves.toMatchObject({ status: 409 })
  })
})

const kinds = ['service', 'network', 'config', 'secret'] as const
type Kind = (typeof kinds)[number]

/** An object as the engine shows it. */
function shown(kind: Kind, labels: unknown, shownId = id): unknown {
  return kind === 'network' ? { Id: shownId, Labels: labels } : { ID: shownId, Spec: { Labels: labels } }
}

function remove(own: OwnHand, kind: Kind): Promise<{ status: number }> {
  const by = { service: own.removeService, network: own.removeNetwork, config: own.removeConfig }
  return kind === 'secret' ? own.removeSecret(id) : by[kind](id)
}

describe.each(kinds)('of each %s', (kind) => {
  const get = `GET ${kind}s`
  const del = `DELETE ${kind}s`
  const path = `/v1.41/${kind}s/${id}`
  const gone: Answer = [404, { message: `${kind} ${id} not found` }]

  test('what carries its mark is removed, right after it was read', async () => {
    const { own, asked } = await handOver({ [get]: [200, shown(kind, marks)], [del]: [204, ''] })
    await expect(remove(own, kind)).resolves.toMatchObject({ status: 204 })
    expect(asked()).toEqual([`GET ${path}`, `DELETE ${path}`])
  })

  test('what is gone already is told as that, before and after the reading', async () => {
    const before = await handOver({ [get]: gone })
    await expect(remove(before.own, kind)).resolves.toMatchObject({ status: 404 })
    expect(before.asked()).toEqual([`GET ${path}`])
    const after = await handOver({ [get]: [200, shown(kind, marks)], [del]: gone })
    await expect(remove(after.own, kind)).resolves.toMatchObject({ status: 404 })
  })

  test('a refusal is an answer', async () => {
    const { own } = await handOver({ [get]: [200, shown(kind, marks)], [del]: [400, { message: 'in use' }] })
    await expect(remove(own, kind)).resolves.toMatchObject({ status: 400, body: { message: 'in use' } })
  })

  test.each([
    ['has no labels', shown(kind, null)],
    ['has no labels at all', shown(kind, undefined)],
    ['has labels of somebody', shown(kind, { 'com.docker.stack.namespace': 'web' })],
    ['is of another run', shown(kind, { ...marks, 'pvcheck.run': '20261120T121700Z-ffff' })],
    ['has a damaged mark', shown(kind, { 'pvcheck.run': mark.run })],
    ['has another id', shown(kind, marks, `${id}x`)],
  ])('what %s is not removed', async (_title, body) => {
    const { own, asked } = await handOver({ [get]: [200, body], [del]: [204, ''] })
    await expect(remove(own, kind)).rejects.toMatchObject({ code: 'OWN_NOT_OURS', exit: 'residue' })
    expect(asked()).toEqual([`GET ${path}`])
  })

  test.each<[string, Answer]>([
    ['the engine fails', [500, { message: 'x' }]],
    ['nobody leads', [503, { message: 'no leader' }]],
    ['the path is not served', [404, { message: 'page not found' }]],
    ['it is led elsewhere', [301, '']],
    ['the answer is something else', [200, [shown(kind, marks)]]],
    ['the answer has no id', [200, { Labels: marks, Spec: { Labels: marks } }]],
  ])('nothing is removed where %s', async (_title, answer) => {
    const { own, asked } = await handOver({ [get]: answer, [del]: [204, ''] })
    await expect(remove(own, kind)).rejects.toMatchObject({ code: 'OWN_CANNOT_READ', exit: 'unknown' })
    expect(asked()).toEqual([`GET ${path}`])
  })

  test('a 404 that is about something else is not taken for "gone"', async () => {
    const { own } = await handOver({ [get]: [200, shown(kind, marks)], [del]: [404, { message: 'page not found' }] })
    await expect(remove(own, kind)).rejects.toMatchObject({ code: 'OWN_CANNOT_READ' })
  })
})

describe('a container', () => {
  const task = (ID: string, State: string) => ({
    ...{ ID, CreatedAt: mark.expires, DesiredState: 'shutdown' },
    Status: { Timestamp: mark.expires, State },
  })
  const inspected = (labels: object, shownId = id) => ({ Id: shownId, Config: { Labels: labels } })
  const ofT1 = inspected({ ...marks, 'com.docker.swarm.task.id': 't1' })
  const get = `GET /v1.41/containers/${id}/json`
  const removal = `DELETE /v1.41/containers/${id}?force=true&v=true`
  const play = (container: Answer, known: Answer, removed: Answer = [204, '']) =>
    handOver({ 'GET containers': container, 'GET tasks': known, 'DELETE containers': removed })

  test.each<[string, unknown, readonly object[]]>([
    ['that the Swarm knows nothing of', ofT1, [task('t2', 'running')]],
    ['whose task has ended', ofT1, [task('t1', 'failed')]],
    ['of no task', inspected(marks), [task('t1', 'running')]],
  ])('%s is removed with what it alone has', async (_title, body, known) => {
    const { own, asked } = await play([200, body], [200, known])
    await expect(own.removeContainer(id)).resolves.toMatchObject({ status: 204 })
    expect(asked()).toEqual([get, 'GET /v1.41/tasks', removal])
  })

  test.each<[string, unknown, Answer, string]>([
    ['whose task is live', ofT1, [200, [task('t1', 'running')]], 'OWN_OF_TASK'],
    ['whose task is in a state that nobody knows', ofT1, [200, [task('t1', 'odd')]], 'OWN_OF_TASK'],
    ['where nobody can list tasks', ofT1, [503, { message: 'no leader' }], 'OWN_CANNOT_READ'],
    ['where the list is none', ofT1, [200, { tasks: [] }], 'OWN_CANNOT_READ'],
    ['of nobody', inspected({}), [200, []], 'OWN_NOT_OURS'],
    ['of another run', inspected({ ...marks, 'pvcheck.run': '20261120T121700Z-ffff' }), [200, []], 'OWN_NOT_OURS'],
    ['with a damaged mark', inspected({ 'pvcheck.run': mark.run }), [200, []], 'OWN_NOT_OURS'],
    ['with another id', inspected(marks, `${id}x`), [200, []], 'OWN_NOT_OURS'],
    ['that cannot be read', {}, [200, []], 'OWN_CANNOT_READ'],
  ])('%s is left', async (_title, body, known, code) => {
    const { own, asked } = await play([200, body], known)
    await expect(own.removeContainer(id)).rejects.toMatchObject({ code })
    expect(asked()).not.toContain(removal)
  })

  test('that is gone is told as that; a refusal is an answer', async () => {
    const gone: Answer = [404, { message: `No such container: ${id}` }]
    await expect((await play(gone, [200, []])).own.removeContainer(id)).resolves.toMatchObject({ status: 404 })
    const busy = await play([200, ofT1], [200, []], [409, { message: 'removal is already in progress' }])
    await expect(busy.own.removeContainer(id)).resolves.toMatchObject({ status: 409 })
  })
})

describe('a config is changed', () => {
  test('when it is of the run, and keeps its mark', async () => {
    const answers = { 'GET configs': [200, shown('config', marks)], 'POST configs': [200, ''] } as const
    const { own, asked, sent } = await handOver(answers)
    await expect(own.updateConfig(id, 7, { Name: 'x' })).resolves.toMatchObject({ status: 200 })
    expect(asked()).toEqual([`GET /v1.41/configs/${id}`, `POST /v1.41/configs/${id}/update?version=7`])
    expect(sent(1)).toEqual({ Name: 'x', Labels: marks })
  })

  test('never when it is of another', async () => {
    const others = shown('config', { ...marks, 'pvcheck.run': '20261120T121700Z-ffff' })
    const { own, asked } = await handOver({ 'GET configs': [200, others], 'POST configs': [200, ''] })
    await expect(own.updateConfig(id, 7, { Name: 'x' })).rejects.toMatchObject({ code: 'OWN_NOT_OURS' })
    expect(asked()).toEqual([`GET /v1.41/configs/${id}`])
  })
})
