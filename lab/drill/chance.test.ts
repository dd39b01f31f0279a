import { expect, test } from 'vitest'
import { createChance } from './chance.ts'

test('the same seed chooses the same, and another seed something else', () => {
  const choices = (seed: string): number[] => {
    const chance = createChance(seed)
    return Array.from({ length: 20 }, () => chance.below(1000))
  }
  expect(choices('a')).toEqual(choices('a'))
  expect(choices('a')).not.toEqual(choices('b'))
})

test('a shuffle keeps each thing, and reaches every place', () => {
  const firsts = new Set<number>()
  for (let seed = 0; seed < 60; seed += 1) {
    const shuffled = createChance(String(seed)).shuffle([1, 2, 3, 4])
    expect(shuffled.toSorted()).toEqual([1, 2, 3, 4])
    firsts.add(shuffled[0] ?? 0)
  }
  expect(firsts.size).toBe(4)
})
