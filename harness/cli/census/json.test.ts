import { expect, test } from 'vitest'
import { type ExitName, exitCodes } from '../../core/exit.ts'
import type { NetworkReport } from '../../judge/census/report-networks.ts'
import type { Walk } from '../../model/facts/addresses/census.ts'
import type { RecordBody } from '../../model/record.ts'
import type { CensusReport } from '../../record/report/census-report.ts'
import { jsonOf } from './json.ts'
import { reported } from './testing/report.ts'

const run = '20261120T200835Z-a4d9'
const why = { code: 'TOO_FULL', seen: 'only 3 addresses are free', remedy: 'Make room.' }
const lap = { startedAt: '', endedAt: '', kind: 'vip' as const, offered: [], walked: [], creates: 8 }
const walked = (change: Partial<Walk> = {}): Walk => ({
  ...{ networkId: 'n', laps: [lap], atOnce: 8, ended: 'whole', cost: { wallMs: 900, requests: 40 } },
  ...change,
})

function told(networks: readonly NetworkReport[] | undefined, more: { exit?: ExitName; isVerbose?: boolean } = {}) {
  const { exit = 'pass', isVerbose = false } = more
  const report: CensusReport | undefined = networks && {
    ...{ at: '2026-11-20T12:00:00.000Z', cluster: 'c', isWalk: true, networks, leftOut: [] },
  }
  const bodies: readonly RecordBody[] = [
    { kind: 'host', fingerprint: { cluster: 'c', node: 'n', engine: 'e' } },
    { kind: 'skip', check: 'PV-ADR-002', title: 't', reason: 'interrupted' },
    { kind: 'trouble', code: 'LOCK_HELD', seen: 's', wanted: 'w', remedy: 'r', during: 'census' },
  ]
  const outcome = { exit, runId: run, ...(report === undefined ? {} : { report }) }
  // As a machine gets it: what JSON leaves out is not there.
  return JSON.parse(JSON.stringify(jsonOf({ outcome, exit, bodies, isVerbose })))
}

test('the document has the same fields, whatever became of the census', () => {
  const fields = Object.keys(told([reported()]))
  expect(fields).toEqual([
    ...['run', 'exit', 'exitName', 'at', 'cluster', 'walked', 'networks', 'cost'],
    ...['findings', 'skipped', 'troubles', 'leftOut', 'evidence'],
  ])
  for (const exit of ['interrupted', 'locked', 'blocked'] as const)
    expect(Object.keys(told(undefined, { exit }))).toEqual(fields)
})

test('a network has its figures, and so many fields with a walk as without', () => {
  const [plain] = told([reported()]).networks
  expect(plain).toMatchObject({
    ...{ name: 'proxy', ingress: false, subnets: ['10.10.0.0/24'], verdict: 'fail', capacity: 253, reserved: 3 },
    held: { vip: 12, task: 0, attached: 0, balancer: 0, total: 12 },
    leaked: { state: 'exact', addresses: ['10.10.0.7', '10.10.0.9'] },
    ...{ free: { count: 239, isExact: true }, transient: [], unconfirmed: [], since: [{}, {}] },
    ...{ engineCount: null, disagreement: null, refusal: null, subnetChange: null, walk: null, wouldWalk: null },
    projection: { state: 'unknown', why: 'a rate wants 3 censuses' },
  })
  const [withWalk] = told([reported({ change: { walk: walked() } })]).networks
  expect(withWalk.walk).toEqual({ ended: 'whole', atOnce: 8, laps: 1, cost: { wallMs: 900, requests: 40 }, why: null })
  expect(Object.keys(withWalk)).toEqual(Object.keys(plain))
})

test('holders are named only where that was asked for', () => {
  expect(told([reported()]).networks[0]).not.toHaveProperty('holders')
  expect(told([reported()], { isVerbose: true }).networks[0].holders).toMatchObject([{ who: 'the VIP of shop_app' }])
})

test.each(['pass', 'failed', 'unknown', 'blocked', 'residue', 'empty', 'locked', 'usage', 'interrupted'] as const)(
  'the exit %s is told by code and by name',
  (exit) => {
    expect(told([], { exit })).toMatchObject({ exit: exitCodes[exit].code, exitName: exit })
  },
)

test('of a census that was interrupted nothing is told that was not established', () => {
  expect(told(undefined, { exit: 'interrupted' })).toMatchObject({
    ...{ run, exit: 130, at: null, cluster: null, walked: null, networks: null, cost: null, evidence: null },
    skipped: [{ check: 'PV-ADR-002', reason: 'interrupted' }],
    troubles: [{ code: 'LOCK_HELD' }],
  })
})

test('of a network that was refused, what leaked is unknown, with why, and no walk cost anything', () => {
  const leaked = { state: 'unknown' as const, why: why.seen }
  const refused = reported({ leaked, change: { walk: walked({ ended: 'refused', laps: [], atOnce: 0, why }) } })
  const { networks, cost, walked: wasWalked } = told([refused], { exit: 'blocked' })
  expect(networks).toMatchObject([{ leaked, since: [], walk: { ended: 'refused', laps: 0, why } }])
  expect(networks[0].free.isExact).toBe(false)
  expect([cost, wasWalked]).toEqual([null, false])
})

test('of a walk that broke off the cost is told, and no number of leaked ones', () => {
  const leaked = { state: 'unknown' as const, why: 'the walk was broken off' }
  const { networks, cost } = told([reported({ leaked, change: { walk: walked({ ended: 'stopped', why }) } })])
  expect(networks).toMatchObject([{ leaked: { state: 'unknown' }, walk: { ended: 'stopped', why } }])
  expect(cost).toMatchObject({ wallMs: 900, requests: 40, atOnce: 8 })
})
