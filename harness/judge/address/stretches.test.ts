import { expect, test } from 'vitest'
import { parseAddress } from './cidr.ts'
import {
  addressesIn,
  common,
  formatStretches,
  gather,
  holds,
  parseStretches,
  sizeOfAll,
  unite,
  without,
} from './stretches.ts'
import { seeded } from './testing/seeded.ts'

const at = (text: string): number => parseAddress(text) ?? -1

test('addresses become stretches, and stretches addresses', () => {
  const stretches = gather(['10.0.1.3', '10.0.1.2', '10.0.1.9', '10.0.1.2', '10.0.1.4'].map(at))
  expect(formatStretches(stretches)).toEqual(['10.0.1.2-10.0.1.4', '10.0.1.9'])
  expect(parseStretches(formatStretches(stretches))).toEqual(stretches)
  expect(addressesIn(stretches)).toEqual(['10.0.1.2', '10.0.1.3', '10.0.1.4', '10.0.1.9'].map(at))
  expect(sizeOfAll(stretches)).toBe(4)
  expect(gather([])).toEqual([])
})

test('the top of the address space is no special place', () => {
  const top = parseStretches(['255.255.255.250-255.255.255.255'])
  expect(formatStretches(without(top, gather([at('255.255.255.255')])))).toEqual(['255.255.255.250-255.255.255.254'])
})

test('what was written in any order is tidied', () => {
  expect(formatStretches(parseStretches(['10.0.0.9', '10.0.0.2-10.0.0.5', '10.0.0.4-10.0.0.8']))).toEqual([
    '10.0.0.2-10.0.0.9',
  ])
})

test.each(['', '10.0.0', '10.0.0.5-10.0.0.2', '10.0.0.1-10.0.0.2-10.0.0.3', 'fd00::1'])('%j is refused', (text) => {
  expect(() => parseStretches([text])).toThrow(expect.objectContaining({ code: 'STRETCH_UNREADABLE' }))
})

test('stretches behave as the sets that they stand for', () => {
  const random = seeded(11)
  for (let round = 0; round < 2_000; round += 1) {
    const some = () => new Set(Array.from({ length: random.below(12) }, () => random.below(20)))
    const [a, b] = [some(), some()]
    const [these, others] = [gather(a), gather(b)]
    const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((x, y) => x - y)
    expect(addressesIn(without(these, others))).toEqual(sorted([...a].filter((one) => !b.has(one))))
    expect(addressesIn(common(these, others))).toEqual(sorted([...a].filter((one) => b.has(one))))
    expect(unite(these, others)).toEqual(gather([...a, ...b]))
    expect(Array.from({ length: 20 }, (_, one) => holds(these, one))).toEqual(
      Array.from({ length: 20 }, (_, one) => a.has(one)),
    )
  }
})
