import { expect, test } from 'vitest'
import { exitCodes, worstExit } from './exit.ts'

test('where several exits hold, 70, 4, 7, 1, 6, 3, 2, 5 stand in this order', () => {
  const order = ['internal', 'residue', 'stale', 'failed', 'locked', 'blocked', 'unknown', 'empty'] as const
  for (const [index, exit] of order.entries()) expect(worstExit(order.slice(index).toReversed())).toBe(exit)
  expect(order.map((exit) => exitCodes[exit].code)).toEqual([70, 4, 7, 1, 6, 3, 2, 5])
})

test('nothing but passes is a pass', () => {
  expect(worstExit(['pass', 'pass'])).toBe('pass')
  expect(worstExit([])).toBe('pass')
})

test('an interrupt that leaves residue is residue', () => {
  expect(worstExit(['interrupted', 'residue'])).toBe('residue')
  expect(worstExit(['interrupted', 'pass'])).toBe('interrupted')
})

test('no two exits share a code', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
})
