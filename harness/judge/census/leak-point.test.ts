import { expect, test } from 'vitest'
import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import { projectLeaks } from '../address/project-leaks.ts'
import { networkId, readingAt } from '../address/testing/readings.ts'
import { leakPointOf, lifeOf } from './leak-point.ts'

const day = 86_400

/** Of a day, with so many leaked by the count of the engine. */
function census(dayNumber: number, leaked: number, engineStartedAt?: string): AddressCensus {
  const reading = readingAt(dayNumber * day, { counts: { inUse: 3 + leaked, free: 13 - leaked } })
  const allocator = { leader: 'node1', ...(engineStartedAt === undefined ? {} : { engineStartedAt }) }
  return { readings: [reading], walks: [], allocator }
}

function projectionOf(censuses: readonly AddressCensus[]) {
  const points = censuses.flatMap((one) => leakPointOf(one, networkId) ?? [])
  expect(points).toHaveLength(censuses.length)
  return projectLeaks(points, Date.parse(points.at(-1)?.at ?? ''))
}

test('censuses of an allocator that has been in charge all the time make a rate', () => {
  const started = '2026-11-19T00:00:00Z'
  expect(projectionOf([census(0, 1, started), census(1, 2, started), census(2, 3, started)])).toMatchObject({
    state: 'known',
    perDay: { likely: 1 },
  })
})

test('where nobody knows since when it is in charge there is none: what leaked may have been given back in between', () => {
  const [one, two, three] = [census(0, 1), census(1, 2), census(2, 3)]
  expect(lifeOf(one)).not.toBe(lifeOf(two))
  expect(projectionOf([one, two, three])).toMatchObject({ state: 'unknown' })
})
