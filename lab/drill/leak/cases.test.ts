import { expect, test } from 'vitest'
import { engineNames } from '../../host/engines.ts'
import { chooseLeaks, fullCount, ways } from './cases.ts'

test('each way is tried three times on each engine', () => {
  const all = chooseLeaks('s', fullCount)
  for (const engine of engineNames) {
    for (const way of ways) {
      expect(all.filter((one) => one.engine === engine && one.way === way)).toHaveLength(3)
    }
  }
  expect(chooseLeaks('s', 6)).toEqual(all.slice(0, 6))
})
