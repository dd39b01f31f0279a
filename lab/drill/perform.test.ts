import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Drill, DrillCase } from './drill.ts'
import { readDrillRecord } from './drill-record.ts'
import { type PerformOptions, performDrill } from './perform.ts'
import { progressPath } from './progress.ts'
import { statusOf } from './status.ts'

let root: string
let tried: string[]
/** The case at which the power fails. */
let fatal: string | undefined
/** The point at which no case can be tried. */
let untriable: string | undefined
let stop: AbortController

const drill: Drill = {
  name: 'play',
  proves: 'That drills work.',
  fullCount: 5,
  sampleCount: 2,
  covers: ['covered.ts'],
  choose: (seed, count) =>
    ['a', 'b', 'c', 'd', 'e'].slice(0, count).map((id) => ({ id: `${seed}-${id}`, kind: 'kind', point: id })),
  begin: async () => ({
    engine: '20.10.24',
    run: async ({ id, point }: DrillCase) => {
      if (id === fatal) {
        stop.abort(new Error('the power failed'))
        throw stop.signal.reason
      }
      if (point === untriable) throw new Error('no way')
      tried.push(id)
      return point === 'e' ? { failures: ['it is still there'] } : { failures: [], recoveryMs: 100 * tried.length }
    },
    [Symbol.asyncDispose]: async () => undefined,
  }),
}

const perform = (options: Partial<PerformOptions> = {}) =>
  performDrill(drill, {
    root,
    drills: [drill],
    seed: 's',
    count: undefined,
    resume: false,
    hosts: 1,
    signal: stop.signal,
    progress: () => undefined,
    readBundle: async () => ({ complete: true, records: [] }),
    ...options,
  })

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pvt-'))
  tried = []
  fatal = undefined
  untriable = undefined
  stop = new AbortController()
  writeFileSync(join(root, 'covered.ts'), 'one')
  execFileSync('git', ['init', '--quiet', root])
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org']
  execFileSync('git', ['-C', root, ...identity, 'commit', '--quiet', '--allow-empty', '-m', 'Begin'])
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a full one leaves a record with its sums, and its page', async () => {
  const { recordPath } = await perform()
  expect(recordPath).toBe(join(root, 'docs', 'drills', 'play.json'))
  expect(await readDrillRecord(root, 'play')).toMatchObject({
    seed: 's',
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    engine: '20.10.24',
    cases: 5,
    byKind: { kind: 5 },
    byPoint: { a: 1, b: 1, c: 1, d: 1, e: 1 },
    failures: [{ case: 's-e', seen: 'it is still there' }],
    recoveryMs: { median: 200, slowest: 400, slowestCase: 's-d' },
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(readFileSync(join(root, 'docs', 'drills', 'README.md'), 'utf8')).toContain('- s-e: it is still there')
  expect(existsSync(progressPath(root, 'play'))).toBe(false)
})

test('a sample leaves none', async () => {
  expect((await perform({ count: 2 })).recordPath).toBeUndefined()
  expect(tried).toEqual(['s-a', 's-b'])
  expect(await readDrillRecord(root, 'play')).toBeUndefined()
})

test('several grounds share the cases, each of which is tried once', async () => {
  const { finished } = await perform({ hosts: 3 })
  expect(finished.map(({ id }) => id).toSorted()).toEqual(['s-a', 's-b', 's-c', 's-d', 's-e'])
  expect(tried.toSorted()).toEqual(['s-a', 's-b', 's-c', 's-d', 's-e'])
})

test('a case that cannot be tried has failed, and the others are tried', async () => {
  untriable = 'b'
  await perform()
  expect(tried).toEqual(['s-a', 's-c', 's-d', 's-e'])
  const record = await readDrillRecord(root, 'play')
  expect(record?.failures).toContainEqual({ case: 's-b', seen: 'it could not be tried: no way' })
})

test('an interrupted one goes on where it was, with its own seed, and tries a torn case again', async () => {
  fatal = 's-c'
  await expect(perform()).rejects.toThrow('the power failed')
  appendFileSync(progressPath(root, 'play'), '{"id":"s-c","ki')
  fatal = undefined
  stop = new AbortController()
  const { finished } = await perform({ resume: true, seed: undefined })
  expect(tried).toEqual(['s-a', 's-b', 's-c', 's-d', 's-e'])
  expect(finished).toHaveLength(5)
})

test('what was begun on other code is not gone on with', async () => {
  fatal = 's-c'
  await expect(perform()).rejects.toThrow('the power failed')
  stop = new AbortController()
  writeFileSync(join(root, 'covered.ts'), 'two')
  await expect(perform({ resume: true })).rejects.toMatchObject({ code: 'DRILL_OTHER_CODE' })
  await expect(perform({ resume: true, seed: 'other' })).rejects.toMatchObject({ code: 'DRILL_OTHER_SEED' })
})

test('without a seed, or anything to go on with, nothing is tried', async () => {
  await expect(perform({ seed: undefined })).rejects.toMatchObject({ code: 'DRILL_SEED_MISSING' })
  await expect(perform({ resume: true })).rejects.toMatchObject({ code: 'DRILL_NOTHING_TO_RESUME' })
  expect(tried).toEqual([])
})

test('the status tells a record that fits its code from one that does not, or that is none', async () => {
  const states = async () => (await statusOf(root, [drill])).map(({ state }) => state)
  expect(await states()).toEqual(['missing'])
  await perform()
  expect(await states()).toEqual(['failed'])
  const record = await readDrillRecord(root, 'play')
  writeFileSync(join(root, 'docs', 'drills', 'play.json'), JSON.stringify({ ...record, failures: [] }))
  expect(await states()).toEqual(['fits'])
  writeFileSync(join(root, 'covered.ts'), 'two')
  expect(await states()).toEqual(['outdated'])
})

test('one case is tried by its id, and leaves neither a record nor progress', async () => {
  expect(await perform({ only: 's-c' })).toMatchObject({ finished: [{ id: 's-c', failures: [] }] })
  expect([tried, existsSync(progressPath(root, 'play'))]).toEqual([['s-c'], false])
  await expect(perform({ only: 'x-c' })).rejects.toMatchObject({ code: 'DRILL_NO_SUCH_CASE' })
})
