import { expect, test } from 'vitest'
import type { NetworkReport } from '../../judge/census/report-networks.ts'
import { renderPrometheus } from './prometheus.ts'

const subnet = '10.10.0.0/24'
const pools = [{ subnet, range: subnet, gateway: '10.10.0.1', reserved: [], capacity: 253 }]

function report(name: string, change: Partial<NetworkReport> = {}): NetworkReport {
  return {
    census: {
      ...{ id: 'tsymejj0k5qaxyz', name, ingress: false, subnets: ['10.10.0.0/24'], transient: [], unconfirmed: [] },
      leaked: { state: 'exact', addresses: ['10.10.0.7'] },
      ledger: {
        ...{ pools, capacity: 253, reserved: 3, held: 2, free: 251, percent: 1, engine: undefined, holders: [] },
        tally: { vip: 1, task: 1, attached: 0, balancer: 0 },
      },
      free: { count: 250, isExact: true },
    },
    ...{ taken: { count: 3, percent: 1.25, isExact: true }, verdict: 'fail', since: [] },
    projection: { state: 'unknown', why: 'too few' },
    ...change,
  }
}

function rendered(...networks: readonly NetworkReport[]): string {
  return renderPrometheus({ at: '2026-11-20T12:00:00.000Z', cluster: 'c', isWalk: true, networks, leftOut: [] }, 1)
}

/** As the exposition format has it: a comment, or a name, labels in quotes with three escapes, and a number. */
const line =
  /^(?:# (?:HELP|TYPE) \S+ .+|[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? -?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/

test('every line is one of the format, each metric has its HELP and TYPE, and no series comes twice', () => {
  const lines = rendered(report('proxy'), report('"back\\slash"\n'), report('twice'), report('twice')).split('\n')
  expect(lines.pop()).toBe('')
  for (const one of lines) expect(one).toMatch(line)
  const series = lines.filter((one) => !one.startsWith('#')).map((one) => one.replace(/ \S+$/, ''))
  expect(series.filter((one, index) => series.indexOf(one) !== index && !one.includes('twice'))).toEqual([])
  for (const name of new Set(series.map((one) => one.replace(/\{.*/, ''))))
    expect(lines.filter((one) => one === `# TYPE ${name} gauge`)).toHaveLength(1)
})

test('what leaked has its own series, and a name is escaped', () => {
  const text = rendered(report('"back\\slash"'))
  expect(text).toContain(
    'pvcheck_overlay_addresses_leaked{network="\\"back\\\\slash\\"",subnet="10.10.0.0/24",kind="exact"} 1\n',
  )
})

test('what is not known has no sample', () => {
  const { census, ...rest } = report('proxy')
  const text = rendered({ ...rest, census: { ...census, leaked: { state: 'unknown', why: 'nobody walked' } } })
  expect(text).not.toContain('pvcheck_overlay_addresses_leaked')
  expect(text).not.toContain('pvcheck_overlay_days_left')
})

test('where there is no report, only how the census ended is told', () => {
  const lines = renderPrometheus(undefined, 130)
    .split('\n')
    .filter((one) => !one.startsWith('#'))
  expect(lines).toEqual(['pvcheck_census_exit_code 130', ''])
})

test('a network without an IPv4 address is not one that is full', () => {
  const { census, ...rest } = report('six')
  const ledger = { ...census.ledger, pools: [], capacity: 0 }
  const text = rendered({ ...rest, census: { ...census, ledger } }, report('proxy'))
  expect(text.match(/^pvcheck_overlay_addresses_(?:capacity|free)\{/gm)).toHaveLength(2)
  expect(text).not.toMatch(/(?:capacity|free)\{network="six"/)
})

test('days left come with their range', () => {
  const text = rendered(
    report('proxy', {
      projection: {
        ...{ state: 'known', perDay: { likely: 2, least: 1, most: 4 }, basis: '4 censuses' },
        daysLeft: { likely: 125, least: 62.5 },
      },
    }),
  )
  expect(text).toContain('pvcheck_overlay_days_left{network="proxy",subnet="10.10.0.0/24",kind="least"} 62.5\n')
  expect(text).not.toContain('pvcheck_overlay_days_left{network="proxy",subnet="10.10.0.0/24",kind="most"}')
})
