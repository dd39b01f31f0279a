import { expect, test } from 'vitest'
import { count, duration, list, percent } from './say.ts'

test.each([
  [0, '0 s'],
  [999, '0 s'],
  [8_000, '8 s'],
  [60_000, '1 min'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [11 * 86_400_000 + 4 * 3_600_000 + 60_000, '11 d 4 h'],
  [-5, '0 s'],
])('%d ms are %s', (milliseconds, said) => {
  expect(duration(milliseconds)).toBe(said)
})

test.each([
  [0, '0 %'],
  [0.018, '0.02 %'],
  [0.4, '0.4 %'],
  [12.4, '12 %'],
  [99.6, '99 %'],
  [100, '100 %'],
  [120, '120 %'],
])('%d is %s', (value, said) => {
  expect(percent(value)).toBe(said)
})

test('one is singular, thousands are grouped', () => {
  expect([count(1, 'task'), count(0, 'task'), count(65_533, 'address', 'addresses')]).toEqual([
    '1 task',
    '0 tasks',
    '65,533 addresses',
  ])
})

test('a long list says how much it leaves out', () => {
  expect(list(['a', 'b'])).toBe('a, b')
  expect(list(['a', 'b', 'c'], 2)).toBe('a, b and 1 more')
})
