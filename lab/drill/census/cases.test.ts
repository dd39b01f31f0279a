import { expect, test } from 'vitest'
import { engineNames } from '../../host/engines.ts'
import { chooseCensuses, fullCount, leaks, turns } from './cases.ts'

test('each number of leaks is tried equally often on each engine, half of the time under churn', () => {
  const all = chooseCensuses('s', fullCount)
  expect(new Set(all.map(({ id }) => id)).size).toBe(240)
  for (const engine of engineNames) {
    for (const wanted of leaks) {
      const these = all.filter((one) => one.engine === engine && one.leaks === wanted)
      expect([these.length, these.filter(({ churn }) => churn).length]).toEqual([turns, turns / 2])
    }
  }
})

test('fewer are the first of them, and another seed is another order', () => {
  const first = engineNames.length * leaks.length
  expect(chooseCensuses('s', first)).toEqual(chooseCensuses('s', fullCount).slice(0, first))
  expect(new Set(chooseCensuses('s', first).map(({ engine, kind }) => `${engine} ${kind}`)).size).toBe(first)
  expect(chooseCensuses('other', fullCount)).not.toEqual(chooseCensuses('s', fullCount))
})
