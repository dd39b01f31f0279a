import { describe, expect, test, vi } from 'vitest'
import { expectationsSchema } from '../model/expectations.ts'
import type { Finding } from '../model/finding.ts'
import type { RecordBody } from '../model/record.ts'
import { createConsole } from './console.ts'

const finding: Finding & { kind: 'finding' } = {
  kind: 'finding',
  check: 'PV-TEST-001',
  title: 'The network is an overlay',
  subject: 'proxy',
  expected: 'an overlay',
  actual: 'a bridge',
  verdict: 'fail',
  reason: 'it was made without --driver',
  remedy: 'Make it anew.',
  evidence: [1],
}

function shown(bodies: readonly RecordBody[], options: { color?: boolean; columns?: number } = {}): string {
  let text = ''
  const { color = false, ...columns } = options
  const console = createConsole({ write: (part) => (text += part), color, elapsedMs: () => 1_234, ...columns })
  for (const body of bodies) console.show(body)
  console.show({ kind: 'end', exit: 'pass' })
  return text
}

test('a pass is one line: mark, id, subject, fact, figure, time', () => {
  expect(shown([{ ...finding, verdict: 'pass', actual: 'an overlay' }])).toBe(
    '✓ PV-TEST-001  proxy: The network is an overlay: an overlay  1.2 s\n',
  )
})

test('green findings of one check are one line, and a red one among them stands for itself', () => {
  const green = (subject: string): RecordBody => ({ ...finding, verdict: 'pass', subject, actual: '1 of 1 running' })
  const lines = shown([
    green('a'),
    green('b'),
    green('c'),
    finding,
    green('d'),
    { ...finding, check: 'PV-TEST-002', verdict: 'pass' },
  ])
    .split('\n')
    .filter((line) => !line.startsWith('    '))
  expect(lines).toEqual([
    '✓ PV-TEST-001  3 subjects: The network is an overlay: a 1 of 1 running; b 1 of 1 running; ...  1.2 s',
    '✗ PV-TEST-001  proxy: The network is an overlay: a bridge  1.2 s',
    '✓ PV-TEST-001  d: The network is an overlay: 1 of 1 running  1.2 s',
    '✓ PV-TEST-002  proxy: The network is an overlay: a bridge  1.2 s',
    '',
  ])
})

test('a green line does not wait for the next check', async () => {
  let text = ''
  const console = createConsole({ write: (part) => (text += part), color: false, elapsedMs: () => 0 })
  console.show({ ...finding, verdict: 'pass' })
  await expect.poll(() => text, { timeout: 1_000, interval: 10 }).toContain('✓ PV-TEST-001')
})

test('what was judged is shown before what goes on after it, and acting is priced in full', () => {
  let text = ''
  const console = createConsole({ write: (part) => (text += part), color: false, columns: 60, elapsedMs: () => 0 })
  console.show({ ...finding, check: 'PV-PRE-008', verdict: 'pass', actual: `${'4 stacks; '.repeat(20)}15 min` })
  console.progress('takes the lock')
  console.say('swept a dead run')
  expect(text).toMatch(/^✓ PV-PRE-008 .*; 15 min {2}0\.0 s\n.*… takes the lock.*– swept a dead run\n$/s)
})

describe('while nothing but visits of routes remain', () => {
  const lineAfter = async (last: RecordBody, routes = [{ url: 'https://ci.example.org/' }]): Promise<string> => {
    vi.useFakeTimers()
    try {
      let text = ''
      const console = createConsole({ write: (part) => (text += part), color: false, elapsedMs: () => 0 })
      const run = { command: 'pvcheck verify', pvcheck: '0.1.0', node: 'v20', target: 'ssh://x', planned: [] }
      console.show({ kind: 'run', ...run, expectations: expectationsSchema.parse({ routes }) })
      console.show(last)
      await vi.advanceTimersByTimeAsync(60_000)
      return text.split('\n').at(-2) ?? ''
    } finally {
      vi.useRealTimers()
    }
  }

  test('that is said, once, after a silence', async () => {
    const line = '… 1 route is being visited, three times over at least 17 s'
    expect(await lineAfter({ ...finding, verdict: 'pass' })).toBe(line)
    expect(await lineAfter(finding)).toBe(line)
  })

  test.each<[string, RecordBody, (readonly { url: string }[])?]>([
    ['there are none', finding, []],
    ['they are judged', { ...finding, check: 'PV-ROUTE-001' }],
    ['nothing is judged yet', { kind: 'host', fingerprint: { cluster: 'c', node: 'n', engine: 'e' } }],
    ['the run is over', { kind: 'end', exit: 'pass' }],
  ])('nothing is said where %s', async (_, last, routes) => {
    expect(await lineAfter(last, routes && [...routes])).not.toContain('visited')
  })
})

test('trouble says what was wanted and what to do', () => {
  const said = { seen: 's', wanted: 'the lock', remedy: 'Wait.' }
  const trouble = { kind: 'trouble', code: 'LOCK_HELD', ...said, during: 'start', exit: 'locked' } as const
  expect(shown([trouble]).split('\n')).toEqual(['‼ LOCK_HELD  s', '    wanted  the lock', '    remedy  Wait.', ''])
})

test('a failure says what was wanted, why it failed and what to do', () => {
  expect(shown([finding]).split('\n').slice(1)).toEqual([
    '    wanted  an overlay',
    '    why     it was made without --driver',
    '    remedy  Make it anew.',
    '',
  ])
})

test.each([
  ['pass', '✓'],
  ['fail', '✗'],
  ['blocked', '‼'],
  ['unknown', '?'],
  ['n/a', '–'],
] as const)('%s has the mark %s', (verdict, mark) => {
  expect(shown([{ ...finding, verdict }]).startsWith(`${mark} PV-TEST-001`)).toBe(true)
})

test('text of the host cannot steer the terminal', () => {
  const evil = { ...finding, subject: 'a\u001B[2Jb\nPV-TEST-999', actual: '\u202Egnp' }
  const text = shown([evil])
  expect(text).not.toContain('\u001B')
  expect(text).not.toContain('\u202E')
  expect(text.split('\n')[0]).toContain('PV-TEST-999')
})

test('there is no colour unless it was asked for', () => {
  expect(shown([finding])).not.toContain('\u001B')
  expect(shown([finding], { color: true })).toContain('\u001B[31m✗')
})

test('a line fits the screen, and the time is kept', () => {
  const [line = ''] = shown([{ ...finding, actual: 'x'.repeat(300) }], { columns: 80 }).split('\n')
  expect(line.length).toBeLessThanOrEqual(80)
  expect(line).toMatch(/…\s+1\.2 s$/)
})

test('checks that were left out for one reason are one line', () => {
  const skip = (check: string, reason: string): RecordBody => ({ kind: 'skip', check, title: 't', reason })
  const skips = [skip('PV-TEST-001', 'left out'), skip('PV-TEST-002', 'left out'), skip('PV-TEST-003', 'interrupted')]
  expect(shown(skips).trim().split('\n')).toEqual([
    '– PV-TEST-001 and 1 more  skipped: left out',
    '– PV-TEST-003  skipped: interrupted',
  ])
})
