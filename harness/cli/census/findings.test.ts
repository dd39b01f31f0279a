import { expect, test } from 'vitest'
import type { Finding } from '../../model/finding.ts'
import type { RecordBody } from '../../model/record.ts'
import { findingLines } from './findings.ts'
import { reported, style } from './testing/report.ts'

function finding(change: Partial<Finding>): RecordBody {
  const said = { check: 'PV-ADR-001', title: 't', subject: 'proxy', expected: 'e', actual: 'a' } as const
  return { kind: 'finding', ...said, verdict: 'fail', evidence: [1], ...change }
}

const open = reported({ leaked: { state: 'unknown', why: 'nobody walked' } })
const report = { at: '', cluster: 'c', isWalk: false, networks: [open], leftOut: [] }

test('the worst comes first, what is green not at all, and a remedy once', () => {
  const bodies = [
    finding({ verdict: 'unknown', actual: 'open', remedy: 'Wait.' }),
    finding({ verdict: 'pass' }),
    finding({ actual: 'broken', remedy: 'Mend it.' }),
    finding({ actual: 'broken, too', remedy: 'Mend it.', code: 'CODE' }),
  ]
  expect(findingLines(bodies, report, style(80))).toEqual([
    '✗ PV-ADR-001  proxy: broken',
    '    Mend it.',
    '✗ PV-ADR-001  proxy: broken, too (CODE)',
    '? PV-ADR-001  proxy: open',
    '    Wait.',
  ])
})

test('what a walk would tell is left to the line that says so, and nothing else is', () => {
  const walk = { verdict: 'unknown', remedy: 'Let it be walked: `pvcheck census --walk`.' } as const
  expect(findingLines([finding(walk)], report, style(80))).toEqual([])
  expect(findingLines([finding({ ...walk, subject: 'shop' })], report, style(80))).not.toEqual([])
  expect(findingLines([finding({ ...walk, verdict: 'fail' })], report, style(80))).not.toEqual([])
})
