import { expect, test } from 'vitest'
import { isMinted, mintMachineId, mintName } from './mint.ts'

test('a minted machine id is known again, and no two are alike', () => {
  const ids = Array.from({ length: 100 }, mintMachineId)
  expect(ids.every(isMinted)).toBe(true)
  expect(new Set(ids).size).toBe(100)
})

test.each([
  '0123456789abcdef0123456789abcdef',
  '',
  '7e57ab1e',
  `7e57ab1e${'z'.repeat(24)}`,
  `7e57ab1e${'0'.repeat(25)}`,
])('the machine id "%s" is not one of the lab', (id) => {
  expect(isMinted(id)).toBe(false)
})

test('a minted name fits an interface, which has 15 characters at most', () => {
  expect(mintName('pvbuild')).toMatch(/^pvbuild-[0-9a-f]{6}$/)
  expect(mintName('pvbuild').length).toBeLessThanOrEqual(15)
})
