import { expect, test } from 'vitest'
import { chooseKills, grid, intents, rescuers, strikes } from './cases.ts'

const seeds = ['a', 'b', '2026-11-20']

test('the same seed gives the same cases, and a sample is their beginning', () => {
  expect(chooseKills('a', grid)).toEqual(chooseKills('a', grid))
  expect(chooseKills('a', grid)).not.toEqual(chooseKills('b', grid))
  expect(chooseKills('a', grid).slice(0, 8)).toEqual(chooseKills('a', 8))
})

test.each(seeds)('all of seed %s are every strike at every intent, once', (seed) => {
  const all = chooseKills(seed, grid)
  expect(new Set(all.map(({ strike, at }) => `${strike} ${at}`)).size).toBe(strikes.length * intents)
  expect(new Set(all.map(({ id }) => id)).size).toBe(grid)
  expect(all.every(({ at }) => at >= 1 && at <= intents)).toBe(true)
})

test.each(seeds)('a sample of seed %s strikes in every way', (seed) => {
  expect(new Set(chooseKills(seed, 8).map(({ strike }) => strike))).toEqual(new Set(strikes))
})

test.each(seeds)('each rescuer of seed %s has its turn where everything is killed', (seed) => {
  const rescued = chooseKills(seed, grid).filter(({ strike }) => strike === 'everything')
  for (const rescuer of rescuers) expect(rescued.filter((one) => one.rescuer === rescuer).length).toBeGreaterThan(1)
  expect(rescued.find(({ at }) => at === 1)?.rescuer).not.toBe('timer')
})
