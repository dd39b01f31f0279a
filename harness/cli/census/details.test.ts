import { expect, test } from 'vitest'
import type { Projection } from '../../judge/address/projection.ts'
import { detailsOf } from './details.ts'
import { reported } from './testing/report.ts'

const known: Projection = {
  ...{ state: 'known', perDay: { likely: 23, least: 20, most: 30 }, basis: '4 censuses over 3 days' },
  ...{ perRemovedStack: { most: 5.75, seen: 12 }, daysLeft: { likely: 11, least: 8, most: 13 } },
}
const rest = { from: '10.10.0.0/24', to: '10.10.0.0/16', perDay: 23, before: 11, after: 2_849 }
const lineOf = (begins: string, change: Parameters<typeof reported>[0]) =>
  detailsOf(reported(change)).find((line) => line.startsWith(`  ${begins}`))

test('the rate for each removed stack is told as a bound', () => {
  expect(lineOf('days left', { change: { projection: known } })).toBe(
    '  days left  full in 11 days (8 to 13) at 23 a day (20 to 30), at most 5.8 for each removed stack (12 stacks seen to go): 4 censuses over 3 days',
  )
})

test('a change of the subnet is told with before and after', () => {
  expect(lineOf('subnet', { change: { subnetChange: { isMade: true, ...rest } } })).toBe(
    '  subnet  before, 10.10.0.0/24: from empty to full in 11 days; now, 10.10.0.0/16: in 7 years, at 23 a day',
  )
  expect(lineOf('subnet', { change: { subnetChange: { isMade: false, ...rest, to: '/16' } } })).toBe(
    '  subnet  /16 instead of 10.10.0.0/24: from empty to full in 7 years instead of 11 days, at 23 a day',
  )
  expect(lineOf('subnet', {})).toBeUndefined()
})

test('what leaked is named with when, and every holder by name', () => {
  const lines = detailsOf(reported())
  expect(lines).toContain('    10.10.0.7  since 2026-11-20 12:00 UTC at the latest')
  expect(lines).toContain('    10.10.0.3  vip       the VIP of shop_app')
})

test('what is not known is told with why', () => {
  expect(lineOf('leaked', { leaked: { state: 'unknown', why: 'nobody walked' } })).toBe(
    '  leaked  unknown: nobody walked',
  )
  expect(lineOf('days left', {})).toBe('  days left  unknown: a rate wants 3 censuses')
})
