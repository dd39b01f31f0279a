import { expect, test } from 'vitest'
import type { Finding } from '../model/finding.ts'
import type { EvidenceRecord, RecordBody } from '../model/record.ts'
import { jsonOf, summaryOf, type Verified } from './summary.ts'

const finding: Finding & { kind: 'finding' } = {
  kind: 'finding',
  check: 'PV-TEST-001',
  title: 'The network is an overlay',
  subject: 'proxy',
  expected: 'an overlay',
  actual: 'a bridge',
  verdict: 'fail',
  reason: 'r',
  remedy: 'Make it anew.',
  evidence: [1],
}

function verified(bodies: readonly RecordBody[], exit: Verified['exit'] = 'failed'): Verified {
  const records = bodies.map((body, index): EvidenceRecord => {
    return { seq: index + 1, at: '2026-01-01T00:00:00.000Z', run: 'r', body, prev: '', hash: '' }
  })
  const claim = 'CLAIM: 1 of 2 checks passed; M1, M2 not reviewed'
  return {
    exit,
    runId: 'r',
    dir: '/home/me/reports/evidence/r',
    records,
    statusPath: '/home/me/reports/STATUS-x.md',
    claim,
  }
}

const screen = { color: false, cwd: '/home/me', elapsedMs: 2_345, columns: 80 }

test('it begins with the claim, and names STATUS, the exit and the next command', () => {
  const text = summaryOf(verified([finding]), screen)
  expect(text.split('\n')[1]).toBe('CLAIM: 1 of 2 checks passed; M1, M2 not reviewed')
  expect(text).toContain('1 fail  in 2.3 s')
  expect(text).toContain('status    reports/STATUS-x.md')
  expect(text).toContain('exit      1: a gate failed')
  expect(text).toContain('next      less reports/STATUS-x.md')
})

test('where something is left, what comes next is the sweep', () => {
  expect(summaryOf(verified([finding], 'residue'), screen)).toContain('next      pvcheck sweep -v, with the same')
})

test('it fits a screen of 24 lines and 80 columns, whatever went wrong', () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ ...finding, subject: `${index} ${'long '.repeat(30)}` }))
  const lines = summaryOf(verified(many), { ...screen, notes: ['a note'] }).split('\n')
  expect(lines.length).toBeLessThanOrEqual(24)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  expect(lines.join('\n')).toContain('and 53 more, in STATUS')
})

test('failures come before what is unknown, and trouble before both', () => {
  const text = summaryOf(
    verified([
      { ...finding, check: 'PV-TEST-002', verdict: 'unknown' },
      finding,
      { kind: 'trouble', code: 'REACH_SSH_LOST', seen: 's', wanted: 'w', remedy: 'r', during: 'specs' },
    ]),
    screen,
  )
  const positions = ['REACH_SSH_LOST', 'PV-TEST-001', 'PV-TEST-002'].map((word) => text.indexOf(word))
  expect(positions).toEqual([...positions].sort((a, b) => a - b))
  expect(positions[0]).toBeGreaterThan(0)
})

test('a path elsewhere is shown in full', () => {
  expect(summaryOf(verified([finding]), { ...screen, cwd: '/srv' })).toContain('status    /home/me/reports/STATUS-x.md')
})

test('the document for a machine holds the same, without what only a person needs', () => {
  expect(jsonOf(verified([finding]))).toMatchObject({
    exit: 1,
    exitName: 'failed',
    counts: { fail: 1, pass: 0 },
    findings: [{ check: 'PV-TEST-001', verdict: 'fail' }],
  })
})
