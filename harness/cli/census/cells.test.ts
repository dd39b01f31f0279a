import { expect, test } from 'vitest'
import { takenCell } from './cells.ts'

test.each([
  [0, '0 %'],
  [100 / 65_533, '0.002 %'],
  [0.5, '0.50 %'],
  [(252 / 253) * 100, '99.6 %'],
  [(65_532 / 65_533) * 100, '99.9 %'],
  [100, '100.0 %'],
])('%d is told as %s: what is there is not nothing, and while any is free it is not all', (percent, cell) => {
  expect(takenCell({ taken: { count: 1, percent, isExact: true } })).toBe(cell)
})
