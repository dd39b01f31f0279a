import { describe, expect, test } from 'vitest'
import { actingSabotages } from '../../lab/sabotage/acting/registry.ts'
import { censusSabotages } from '../../lab/sabotage/census/registry.ts'
import { neverRed } from '../../lab/sabotage/never-red.ts'
import { sabotages } from '../../lab/sabotage/registry.ts'
import type { Sabotage } from '../../lab/sabotage/sabotage.ts'
import { censusChecks } from '../judge/census/census-checks.ts'
import { allChecks, checks } from '../judge/checks.ts'
import { seenRedPage } from './seen-red-page.ts'

test('docs/seen-red.md says what the sabotages turn', async () => {
  await expect(seenRedPage()).toMatchFileSnapshot('../../docs/seen-red.md')
})

describe('the sabotages', () => {
  const ids: ReadonlySet<string> = new Set(allChecks.map(({ id }) => id))
  const asked: ReadonlySet<string> = new Set(checks.map(({ id }) => id))
  const ofCensus: ReadonlySet<string> = new Set(censusChecks.map(({ id }) => id))
  const all = [...sabotages, ...actingSabotages, ...censusSabotages]

  const seeing = (id: string): readonly Sabotage[] => {
    if (ofCensus.has(id)) return censusSabotages
    return asked.has(id) ? sabotages : actingSabotages
  }

  const turning = (id: string) => seeing(id).filter(({ reddens }) => Object.hasOwn(reddens, id))

  test.each(allChecks.filter(({ id }) => neverRed[id] === undefined))(
    '$id is turned by at least one of them',
    ({ id }) => {
      expect(turning(id)).not.toEqual([])
    },
  )

  test.each(Object.keys(neverRed))('%s is a check, and one that none of them turns', (id) => {
    expect(ids.has(id)).toBe(true)
    expect(turning(id)).toEqual([])
  })

  test.each(all)('$name names no check that there is not', ({ reddens }) => {
    expect(Object.keys(reddens).filter((id) => !ids.has(id))).toEqual([])
  })

  test('no two have the same name', () => {
    const names = all.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  test('one of them turns nothing', () => {
    expect(sabotages.some(({ reddens }) => Object.keys(reddens).length === 0)).toBe(true)
  })
})
