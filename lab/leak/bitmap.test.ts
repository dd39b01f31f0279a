import { expect, test } from 'vitest'
import { heldIn } from './bitmap.ts'

// As dockerd 20.10 logged it; newer ones leave the words from "App:" to "DBIndex: 0x0," out.
const line =
  'level=debug msg="Request address PoolID:10.10.0.0/16 App: ipam/default/data, ID: GlobalDefault/10.10.0.0/16, DBIndex: 0x0, Bits: 65536, Unselected: 65522, Sequence: (0xfff80000, 1)->(0x0, 2046)->(0x1, 1)->end Curr:13 Serial:true PrefAddress:<nil> "'

test('reads the addresses that are held from the bitmap of a request', () => {
  const first = Array.from({ length: 13 }, (_, ordinal) => ordinal)
  expect(heldIn(line)).toEqual({ subnet: '10.10.0.0/16', ordinals: [...first, 65_535] })
})

test('reads a run of full words, and a subnet that is smaller than a word', () => {
  const full = 'Request address PoolID:10.0.1.0/25 Bits: 128, Unselected: 32, Sequence: (0xffffffff, 3)->(0x0, 1)->end'
  expect(heldIn(full)?.ordinals).toEqual(Array.from({ length: 96 }, (_, ordinal) => ordinal))
  const small = 'Request address PoolID:10.0.1.0/29 Bits: 8, Unselected: 5, Sequence: (0xc1000000, 1)->end'
  expect(heldIn(small)?.ordinals).toEqual([0, 1, 7])
})

test('takes no other line for one, and none that contradicts itself', () => {
  expect(heldIn('level=debug msg="RequestAddress(GlobalDefault/10.10.0.0/16, <nil>)"')).toBeUndefined()
  expect(() => heldIn(line.replace('65522', '65521'))).toThrow('14 of them set, but 65521 free')
})
