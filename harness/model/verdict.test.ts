import { expect, test } from 'vitest'
import { isGreen, worstVerdict } from './verdict.ts'

test.each([
  [['pass', 'pass'], 'pass'],
  [['pass', 'waived'], 'waived'],
  [['waived', 'unknown'], 'unknown'],
  [['unknown', 'blocked'], 'blocked'],
  [['blocked', 'fail', 'pass'], 'fail'],
  [['pass', 'n/a'], 'pass'],
  [['n/a', 'unknown'], 'unknown'],
  [['n/a'], 'n/a'],
  [[], 'n/a'],
] as const)('the worst of %j is %s', (group, worst) => {
  expect(worstVerdict(group)).toBe(worst)
})

test('unknown and blocked never turn a gate green', () => {
  expect((['pass', 'waived', 'n/a'] as const).every(isGreen)).toBe(true)
  expect((['unknown', 'blocked', 'fail'] as const).some(isGreen)).toBe(false)
})
