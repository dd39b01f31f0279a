import type { RequestListener } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { labelsOf, nameOf } from '../../model/mark.ts'
import { createReader } from '../../reach/engine/read.ts'
import { createWriter } from '../../reach/engine/write.ts'
import { recordingEngine } from '../../reach/testing/recording-engine.ts'
import { janitorGone } from '../janitor/trouble.ts'
import { lost } from '../mark/lock-trouble.ts'
import { createCarefulHand } from './create-careful.ts'

const run = '20261120T121700Z-3f2a'
const name = 'pvc-20261120t121700z-3f2a-1'
const id = 'mjq2pk0zzuh35pbh4utqs1nnl'
const noonMs = Date.parse('2026-11-20T12:00:00Z')
const marks = labelsOf({ run, owner: 'prod-1', expires: '2026-11-20T12:15:00.000Z' })
const others = { ...marks, 'pvcheck.run': '20261120T121700Z-ffff' }
const listOf = (labels: unknown, at = name) => [{ ID: id, Spec: { Name: at, Labels: labels } }]

/** `lost`: the engine hears it, and the connection ends without an answer. */
type Answer = readonly [status: number | 'lost', body: unknown]

/** A hand before an engine that answers as told; `lines` are its intents, and what it asked in between. */
async function handOver(answers: Readonly<Record<string, Answer | readonly Answer[]>>) {
  const counts = new Map<string, number>()
  const lines: string[] = []
  const listener: RequestListener = (request, response) => {
    const [, , kind] = (request.url ?? '').split(/[/?]/)
    const key = `${request.method} ${kind}`
    const told = answers[key]
    const nth = counts.get(key) ?? 0
    counts.set(key, nth + 1)
    const list = told === undefined ? [] : isOne(told) ? [told] : told
    const [status, body] = list[Math.min(nth, list.length - 1)] ?? [500, { message: 'not told' }]
    lines.push(key)
    request.resume().on('end', () => {
      if (status === 'lost') request.socket.destroy()
      else response.writeHead(status).end(JSON.stringify(body))
    })
  }
  const { link, heard } = await recordingEngine(listener, onTestFinished)
  const unattended = new AbortController()
  const state: { lock: unknown; atIntent: () => void } = { lock: undefined, atIntent: () => undefined }
  const now = async () => ({ earliestMs: noonMs, latestMs: noonMs + 5 })
  const hand = createCarefulHand({
    reader: createReader(link),
    writer: createWriter(link),
    clock: { now, ask: now },
    hold: {
      assert: async () => {
        if (state.lock !== undefined) throw state.lock
      },
    },
    intents: {
      intend: async (kind, what) => {
        lines.push(`intend ${kind} ${what}`)
        state.atIntent()
      },
      created: async (_kind, _what, made) => void lines.push(`created ${made}`),
      gone: async (_kind, what) => void lines.push(`gone ${what}`),
      note: async (deeds) => {
        lines.push(deeds.map((deed) => `${deed.line} ${deed.name}`).join(', '))
        if (deeds[0]?.line === 'intend') state.atIntent()
      },
    },
    run,
    owner: 'prod-1',
    lifetimeSeconds: 900,
    unattended: unattended.signal,
  })
  const create = (options?: { signal: AbortSignal }) => hand.create('config', { Name: name, Data: 'eA==' }, options)
  return { hand, lines, heard, state, unattended, create }
}

function isOne(told: Answer | readonly Answer[]): told is Answer {
  return !Array.isArray(told[0])
}

const intend = `intend config ${name}`
const gone = `gone ${name}`

test('what it creates was intended before, and carries the mark until its own end', async () => {
  const { create, lines, heard } = await handOver({ 'POST configs': [201, { ID: id }] })
  await expect(create()).resolves.toBe(id)
  expect(lines).toEqual([intend, 'POST configs', `created ${id}`])
  expect(JSON.parse(heard[0]?.split('\r\n\r\n')[1] ?? '')).toEqual({ Name: name, Data: 'eA==', Labels: marks })
})

test('a network has its id in another place', async () => {
  const { hand } = await handOver({ 'POST networks': [201, { Id: id, Warning: '' }] })
  await expect(hand.create('network', { Name: name })).resolves.toBe(id)
})

describe('an answer that was lost', () => {
  test('is made up for by a look, whoever has called it off by then', async () => {
    const { create, lines } = await handOver({ 'POST configs': ['lost', ''], 'GET configs': [200, listOf(marks)] })
    await expect(create()).resolves.toBe(id)
    expect(lines).toEqual([intend, 'POST configs', 'GET configs', `created ${id}`])
  })

  test.each([
    ['nothing', []],
    ['one of another run', listOf(others)],
    ['one whose name only begins so', listOf(marks, `${name}0`)],
  ])('leaves its intent open where the Swarm has %s by that name', async (_title, list) => {
    const { create, lines } = await handOver({ 'POST configs': ['lost', ''], 'GET configs': [200, list] })
    await expect(create()).rejects.toMatchObject({ code: 'REACH_CHANGE_UNCERTAIN' })
    expect(lines).toEqual([intend, 'POST configs', 'GET configs'])
  })

  test('leaves its intent open where nobody can tell, and keeps the first cause', async () => {
    const { create, lines } = await handOver({ 'POST configs': ['lost', ''], 'GET configs': [503, { message: 'x' }] })
    await expect(create()).rejects.toMatchObject({
      cause: { code: 'REACH_CHANGE_UNCERTAIN' },
      errors: [{ code: 'REACH_CHANGE_UNCERTAIN' }, { code: 'CREATE_UNCERTAIN' }],
    })
    expect(lines).not.toContain(gone)
  })

  test('is not forgotten when the same is refused later, for its name is taken: by ourselves', async () => {
    const { create, lines } = await handOver({
      'POST configs': [
        ['lost', ''],
        [409, { message: 'exists' }],
      ],
      'GET configs': [
        [200, []],
        [200, listOf(marks)],
      ],
    })
    await expect(create()).rejects.toMatchObject({ code: 'REACH_CHANGE_UNCERTAIN' })
    await expect(create()).resolves.toBe(id)
    expect(lines).not.toContain(gone)
  })
})

describe('an engine that refuses', () => {
  test.each([400, 403, 404, 409])('with %i has made nothing, and says why', async (status) => {
    const { create, lines } = await handOver({ 'POST configs': [status, { message: 'no such thing' }] })
    await expect(create()).rejects.toMatchObject({
      code: 'CREATE_REFUSED',
      seen: expect.stringMatching(`${status}, no such thing`),
    })
    expect(lines).toEqual([intend, 'POST configs', gone])
  })

  test('with 5xx may have made it: where it is there, it is ours', async () => {
    const { create, lines } = await handOver({ 'POST configs': [500, 'x'], 'GET configs': [200, listOf(marks)] })
    await expect(create()).resolves.toBe(id)
    expect(lines.at(-1)).toBe(`created ${id}`)
  })

  test('with 5xx, and nothing there, keeps its intent open', async () => {
    const { create, lines } = await handOver({
      'POST configs': [500, { message: 'deadline' }],
      'GET configs': [200, []],
    })
    await expect(create()).rejects.toMatchObject({ code: 'CREATE_REFUSED', seen: expect.stringContaining('swept') })
    expect(lines).not.toContain(gone)
  })
})

describe('nothing goes out', () => {
  test('once the lock is lost, and `lost` says why', async () => {
    const { create, lines, state, hand } = await handOver({})
    state.lock = lost('it has been removed')
    await expect(create()).rejects.toBe(state.lock)
    state.lock = undefined
    await expect(create()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect([lines, hand.lost.reason]).toEqual([[], expect.objectContaining({ code: 'LOCK_LOST' })])
  })

  test('when the lock is lost while the intent is being written', async () => {
    const { create, lines, state } = await handOver({})
    state.atIntent = () => {
      state.lock = lost('too little of its lease')
    }
    await expect(create()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(lines).toEqual([intend, gone])
  })

  test('once the janitor is gone, be it in the last moment', async () => {
    const { create, lines, state, unattended, hand } = await handOver({})
    state.atIntent = () => unattended.abort(janitorGone('killed'))
    await expect(create()).rejects.toMatchObject({ code: 'JANITOR_GONE' })
    await expect(create()).rejects.toMatchObject({ code: 'JANITOR_GONE' })
    expect([lines, hand.lost.aborted]).toEqual([[intend, gone], true])
  })

  test('while the lock cannot be read, which may pass', async () => {
    const { create, state, hand } = await handOver({ 'POST configs': [201, { ID: id }] })
    state.lock = new Error('no answer')
    await expect(create()).rejects.toThrow('no answer')
    state.lock = undefined
    await expect(create()).resolves.toBe(id)
    expect(hand.lost.aborted).toBe(false)
  })

  test('for a spec that says it is somebody else’s', async () => {
    const { hand, lines } = await handOver({})
    const denied = hand.create('config', { Name: name, Labels: others })
    await expect(denied).rejects.toMatchObject({ code: 'OWN_MARK_DENIED' })
    expect(lines).toEqual([intend, gone])
  })
})

describe('many at once', () => {
  const names = [nameOf(run, 1), nameOf(run, 2)] as const
  const specs = names.map((Name) => ({ Name }))
  const intended = names.map((one) => `intend ${one}`).join(', ')

  test('are intended together before the first is asked for, and carry the mark', async () => {
    const { hand, lines, heard } = await handOver({ 'POST services': [201, { ID: id }] })
    await expect(hand.many.create(specs)).resolves.toEqual(names.map((one) => ({ name: one, id })))
    const created = names.map((one) => `created ${one}`).join(', ')
    expect(lines).toEqual([intended, 'POST services', 'POST services'])
    hand.many.gone([names[0]])
    await hand.many.flush()
    expect(lines.at(-1)).toBe(`${created}, gone ${names[0]}`)
    for (const request of heard) {
      expect(JSON.parse(request.split('\r\n\r\n')[1] ?? '')).toMatchObject({ Labels: { ...marks } })
    }
  })

  test('have each an outcome of its own: a refused one is written off, a lost one is looked for', async () => {
    const { hand, lines } = await handOver({
      'POST services': [
        [409, { message: 'no room' }],
        ['lost', ''],
      ],
      'GET services': [200, []],
    })
    const codes = (await hand.many.create(specs)).map(({ error }) => error)
    expect(codes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'CREATE_REFUSED' }),
        expect.objectContaining({ code: 'REACH_CHANGE_UNCERTAIN' }),
      ]),
    )
    expect(lines.filter((line) => line.startsWith('gone'))).toHaveLength(1)
  })

  test('whose network is gone were not created, although the engine calls that a 500', async () => {
    const { hand, lines } = await handOver({ 'POST services': [500, { message: `network ${id} not found` }] })
    const [first] = await hand.many.create(specs.slice(0, 1))
    expect(first?.error).toMatchObject({ code: 'CREATE_REFUSED' })
    expect(lines).toEqual([`intend ${names[0]}`, 'POST services', `gone ${names[0]}`])
  })

  test('nothing is asked for when the lock went while the intents were written', async () => {
    const { hand, lines, state } = await handOver({ 'POST services': [201, { ID: id }] })
    state.atIntent = () => {
      state.lock = lost('gone')
    }
    await expect(hand.many.create(specs)).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(lines).toEqual([intended, names.map((one) => `gone ${one}`).join(', ')])
  })

  const listed = (Labels: unknown, ID = id) => ({ ID, Spec: { Name: names[0], Labels } })

  test('what a list shows as ours is removed without another reading', async () => {
    const { hand, lines } = await handOver({ 'DELETE services': [200, ''] })
    await hand.many.remove([listed(marks), listed(marks)])
    expect(lines).toEqual(['DELETE services', 'DELETE services'])
  })

  test("what a list shows as somebody else's stays", async () => {
    const { hand, lines } = await handOver({ 'DELETE services': [200, ''] })
    await expect(hand.many.remove([listed(others), listed({}), listed(marks)])).rejects.toMatchObject({
      errors: [{ code: 'OWN_NOT_OURS' }, { code: 'OWN_NOT_OURS' }],
    })
    expect(lines).toEqual(['DELETE services'])
  })

  test('a remove that the engine refuses is an error, and one of what is gone is none', async () => {
    const { hand } = await handOver({
      'DELETE services': [
        [404, { message: `service ${id} not found` }],
        [500, { message: 'no leader' }],
      ],
    })
    await expect(hand.many.remove([listed(marks), listed(marks)])).rejects.toMatchObject({ code: 'REMOVE_REFUSED' })
  })
})
