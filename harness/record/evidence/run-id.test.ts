import { expect, test } from 'vitest'
import { isRunId, newRunId } from './run-id.ts'

test('a run id is the second it began, and a tail', () => {
  expect(newRunId(new Date('2026-11-20T12:17:00.987Z'))).toMatch(/^20261120T121700Z-[0-9a-f]{4}$/)
})

test('run ids sort by time', () => {
  const ids = ['2026-11-20T12:17:09Z', '2026-11-20T12:17:10Z', '2027-01-01T00:00:00Z'].map((at) =>
    newRunId(new Date(at)),
  )
  expect(ids.toSorted()).toEqual(ids)
})

test.each(['', '..', '20261120T121700Z-3f2', '20261120T121700Z-3F2A', '20261120T121700Z-3f2a/..'])(
  '%j is no run id',
  (name) => {
    expect(isRunId(name)).toBe(false)
  },
)
