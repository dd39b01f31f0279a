import { expect, test } from 'vitest'
import type { LeakPoint } from './projection.ts'
import { sinceWhen } from './since.ts'

const day = (number: number): string => new Date(Date.UTC(2026, 10, number)).toISOString()
const point = (number: number, addresses?: readonly string[], leaked = addresses?.length ?? 3): LeakPoint => ({
  at: day(number),
  leaked,
  free: 200,
  allocator: 'a',
  ...(addresses === undefined ? {} : { addresses }),
})

test('an address leaked after the last census in which it had not', () => {
  const earlier = [point(3, ['10.0.0.9']), point(1, []), point(2, ['10.0.0.8']), point(4, ['10.0.0.8', '10.0.0.9'])]
  expect(sinceWhen(['10.0.0.8', '10.0.0.9', '10.0.0.10'], day(5), earlier)).toEqual([
    { address: '10.0.0.8', notYetAt: day(3), knownSince: day(4) },
    { address: '10.0.0.9', notYetAt: day(2), knownSince: day(3) },
    { address: '10.0.0.10', notYetAt: day(4), knownSince: day(5) },
  ])
})

test('a census that names none tells nothing, unless there were none', () => {
  expect(sinceWhen(['10.0.0.8'], day(5), [point(4)])).toEqual([{ address: '10.0.0.8', knownSince: day(5) }])
  expect(sinceWhen(['10.0.0.8'], day(5), [point(4), point(3, undefined, 0)])).toEqual([
    { address: '10.0.0.8', notYetAt: day(3), knownSince: day(5) },
  ])
})

test('where it was leaked in every census before, nobody knows when it was not', () => {
  expect(sinceWhen(['10.0.0.8'], day(5), [point(2, ['10.0.0.8']), point(3, ['10.0.0.8'])])).toEqual([
    { address: '10.0.0.8', knownSince: day(2) },
  ])
})

test('what came later is not before', () => {
  expect(sinceWhen(['10.0.0.8'], day(5), [point(5, []), point(6, [])])).toEqual([
    { address: '10.0.0.8', knownSince: day(5) },
  ])
})
