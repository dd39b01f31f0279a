import { expect, test } from 'vitest'
import { showsUnicode } from './style.ts'
import { tableOf } from './table.ts'
import { reported, style } from './testing/report.ts'

const wide = reported({
  name: 'a-network-with-a-name-that-is-rather-long',
  subnets: ['10.100.100.0/22', '10.7.0.0/24'],
})
const unknown = reported({
  ...{ name: 'ingress', capacity: 65_533, vips: 40, leaked: { state: 'unknown', why: 'nobody walked' } },
})

test.each([80, 100, 120, 200])('every line fits %i columns, and no figure is cut', (columns) => {
  const lines = tableOf([wide, unknown], style(columns))
  for (const line of lines) expect(line.length, line).toBeLessThan(columns)
  expect(lines.join('\n')).toContain('65,533')
  expect(lines.join('\n')).toContain('<=65,493')
})

test('in 80 columns the bar stands below its network, with when it will be full', () => {
  const projection = {
    ...{ state: 'known' as const, perDay: { likely: 20, least: 12, most: 32 }, basis: '4 censuses' },
    daysLeft: { likely: 11.4, least: 7, most: 20 },
  }
  expect(tableOf([reported({ change: { projection } })], style(80))).toEqual([
    'network subnet       capacity VIPs tasks att. LBs free leaked',
    'proxy   10.10.0.0/24      253   12     0    0   0  239      2',
    '  █▒······················  5.5 % taken, full in 11 days (7 to 20)',
    '  █ held  ▒ leaked  · free',
  ])
})

test('in a pipe nothing is cut', () => {
  const [, line] = tableOf([wide], style(undefined))
  expect(line).toContain('a-network-with-a-name-that-is-rather-long  10.100.100.0/22 +1')
})

test('where the terminal knows ASCII only, so does the table', () => {
  const lines = tableOf([wide, unknown], style(80, { isUnicode: false }))
  expect([...lines.join('')].filter((character) => character > '~')).toEqual([])
  expect(showsUnicode({ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, true)).toBe(false)
  expect(showsUnicode({ LANG: 'de_AT.utf8' }, true)).toBe(true)
  expect(showsUnicode({}, true)).toBe(false)
})

test('a name from the host cannot leave its cell', () => {
  const lines = tableOf([reported({ name: 'evil\n\u001B[2Jname\u202E' })], style(undefined))
  expect(lines).toHaveLength(2)
  for (const unfit of ['\u001B', '\u202E']) expect(lines.join('')).not.toContain(unfit)
})

test('a full network has a full bar, and one address leaked of many shows', () => {
  const full = tableOf([reported({ vips: 251 })], style(80))
  expect(full[2]).toContain(`${'█'.repeat(23)}▒ `)
  const one = reported({ capacity: 65_533, vips: 0, leaked: { state: 'exact', addresses: ['10.10.0.7'] } })
  expect(tableOf([one], style(80))[2]).toContain(`▒${'·'.repeat(23)}`)
})

test.each([
  [{ state: 'counted', count: 2, candidates: ['10.10.0.7', '10.10.0.8', '10.10.0.9'] }, '2 of 3'],
  [{ state: 'estimated', atLeast: 3 }, '>= 3'],
  [{ state: 'estimated', atLeast: 3, atMost: 5 }, '3-5'],
  [{ state: 'estimated', atLeast: 3, atMost: 3 }, '3'],
] as const)('%j is told as %s', (leaked, cell) => {
  expect(tableOf([reported({ leaked })], style(80))[1]).toMatch(new RegExp(` ${cell}$`))
})
