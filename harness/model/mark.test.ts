import { describe, expect, test } from 'vitest'
import { newRunId } from '../record/evidence/run-id.ts'
import { expiryAfter, holdsFor, isExpired, labelsOf, type Mark, markOf, nameOf, parseName } from './mark.ts'

const mark: Mark = { run: '20261120T121700Z-3f2a', owner: 'prod-1', expires: '2026-11-20T13:17:00.000Z' }
const labels = labelsOf(mark)

describe('labels', () => {
  test('are three, and read back as they were', () => {
    expect(labels).toEqual({
      'pvcheck.run': '20261120T121700Z-3f2a',
      'pvcheck.owner': 'prod-1',
      'pvcheck.expires': '2026-11-20T13:17:00.000Z',
    })
    expect(markOf({ ...labels, 'traefik.enable': 'false' })).toEqual({ kind: 'mark', mark })
  })

  test.each([
    ['a run id in lower case', { run: '20261120t121700z-3f2a' }],
    ['an owner with a line break', { owner: 'prod\n' }],
    ['a moment that is none', { expires: '2026-02-31T00:00:00Z' }],
    ['a moment of another zone', { expires: '2026-11-20T13:17:00+01:00' }],
  ])('are not made of %s', (_title, change) => {
    expect(() => labelsOf({ ...mark, ...change })).toThrow(expect.objectContaining({ code: 'MARK_MISUSED' }))
  })

  test.each([
    undefined,
    null,
    {},
    { 'com.docker.stack.namespace': 'pvcheck' },
    { 'pvcheck.lab.stand-in': 'Drone' },
    Object.create(labels),
  ])('%j are nobody’s mark', (given) => {
    expect(markOf(given)).toEqual({ kind: 'none' })
  })

  test.each([
    ['a string', 'pvcheck.run'],
    ['no owner', { ...labels, 'pvcheck.owner': undefined }],
    ['the run alone', { 'pvcheck.run': mark.run }],
    ['the end alone', { 'pvcheck.expires': mark.expires }],
    ['a run id with a path behind it', { ...labels, 'pvcheck.run': `${mark.run}/..` }],
    ['a run that is a number', { ...labels, 'pvcheck.run': 7 }],
    ['a run that is a list', { ...labels, 'pvcheck.run': [mark.run] }],
    ['an empty end', { ...labels, 'pvcheck.expires': '' }],
    ['an end in the 25th hour', { ...labels, 'pvcheck.expires': '2026-11-20T25:00:00Z' }],
    ['an owner without end', { ...labels, 'pvcheck.owner': 'a'.repeat(1_000_000) }],
  ])('with %s are damaged, and nothing is thrown', (_title, given) => {
    expect(markOf(given)).toMatchObject({ kind: 'damaged', why: expect.any(String) })
  })
})

describe('a name', () => {
  test('is one label of DNS, in lower case', () => {
    expect(nameOf(mark.run, 7)).toBe('pvc-20261120t121700z-3f2a-7')
    expect(nameOf(mark.run, 7, 'web')).toBe('pvc-20261120t121700z-3f2a-7-web')
  })

  test('of any run parses back, and no two are the same', () => {
    const runs = Array.from({ length: 200 }, (_, day) => newRunId(new Date(Date.UTC(2026, 0, day, day % 24, 5, 9))))
    const wanted = runs.flatMap((run) => [
      { run, number: 0 },
      { run, number: 999_999_999, part: 'a-b' },
      { run, number: 1, part: '1' },
      { run, number: 11 },
    ])
    const names = wanted.map(({ run, number, part }) => nameOf(run, number, part))
    expect(names.map(parseName)).toEqual(wanted)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name))).toEqual([])
  })

  test('has at most 63 characters', () => {
    const room = 63 - 'pvc-20261120t121700z-3f2a-7-'.length
    expect(nameOf(mark.run, 7, 'x'.repeat(room))).toHaveLength(63)
    expect(() => nameOf(mark.run, 7, 'x'.repeat(room + 1))).toThrow(expect.objectContaining({ code: 'MARK_MISUSED' }))
  })

  test.each<[string, number, string?]>([
    ['20261120T121700Z', 1],
    ['20261120t121700z-3f2a', 1],
    [mark.run, -1],
    [mark.run, 1.5],
    [mark.run, 1e21],
    [mark.run, Number.NaN],
    [mark.run, 1, ''],
    [mark.run, 1, 'web-'],
    [mark.run, 1, 'Web'],
    [mark.run, 1, 'a_b'],
  ])('is not made of %j, %j, %j', (run, number, part) => {
    expect(() => nameOf(run, number, part)).toThrow(expect.objectContaining({ code: 'MARK_MISUSED' }))
  })

  test.each([
    '',
    'pvc',
    'pvc-web-1',
    'pvc-20261120t121700z-3f2a',
    'pvc-20261120t121700z-3f2a-01',
    'pvc-20261120T121700Z-3f2a-1',
    'xpvc-20261120t121700z-3f2a-1',
    'pvc-20261120t121700z-3f2a-1\n',
    'pvcheck-lock',
    undefined,
    7,
  ])('%j is not ours', (name) => {
    expect(parseName(name)).toBeUndefined()
  })
})

describe('a lease', () => {
  const nowMs = Date.parse('2026-11-20T12:00:00Z')
  const now = { earliestMs: nowMs, latestMs: nowMs + 500 }

  test('ends by the earliest that it can be now', () => {
    expect(expiryAfter(90, now)).toBe('2026-11-20T12:01:30.000Z')
    expect(expiryAfter(0.0015, { earliestMs: nowMs + 0.9, latestMs: nowMs + 9 })).toBe('2026-11-20T12:00:00.002Z')
  })

  test('within the doubt of the clock neither holds nor has expired', () => {
    const at = (ms: number) => ({ expires: new Date(nowMs + ms).toISOString() })
    const both = (ms: number) => [holdsFor(0, at(ms), now), isExpired(at(ms), now)]
    expect([both(-1), both(0), both(1), both(500), both(501)]).toEqual([
      [false, true],
      [false, true],
      [false, false],
      [false, false],
      [true, false],
    ])
    expect([holdsFor(100, at(600), now), holdsFor(100, at(601), now)]).toEqual([false, true])
  })

  test('whose end cannot be read neither holds nor has expired', () => {
    expect([holdsFor(0, { expires: 'soon' }, now), isExpired({ expires: 'soon' }, now)]).toEqual([false, false])
  })
})
