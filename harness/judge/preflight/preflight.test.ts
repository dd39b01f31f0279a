import { expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import { only } from '../test-host/green.ts'
import { hostCanSweep } from './host-can-sweep.ts'
import { preflightChecks, preflightRequirements } from './preflight-checks.ts'
import { judgeQuiet, printed } from './testing/quiet-host.ts'

const judge = (sweeper: object = {}, throwaway: object = {}) =>
  only(judgeQuiet(hostCanSweep, (host) => Object.assign(host['quiet-sweeper'], sweeper), { throwaway }))

test('a host with systemd, root and a docker CLI for this engine can sweep; a degraded one, too', () => {
  expect(judge().verdict).toBe('pass')
  expect(judge({ systemd: printed('degraded\n', { exitCode: 1 }) }).verdict).toBe('pass')
})

test.each([
  [{ systemd: printed('offline\n', { exitCode: 1 }) }, 'systemd: offline'],
  [{ systemd: printed('stopping\n', { exitCode: 1 }) }, 'systemd: stopping'],
  [
    { systemd: printed('', { exitCode: 127, stderr: 'systemctl: not found' }) },
    'systemd: exit code 127: systemctl: not found',
  ],
  [{ systemdRun: printed('', { exitCode: 127, stderr: 'not found' }) }, 'systemd-run: exit code 127: not found'],
  [{ user: printed('1000\n') }, 'commands run as user 1000'],
  [{ docker: printed('', { exitCode: 127, stderr: 'not found' }) }, 'docker: exit code 127: not found'],
  [{ docker: printed('another\n') }, 'docker talks to another engine: node another'],
  [{ docker: printed('\n') }, 'docker talks to another engine: node of no Swarm'],
])('what is missing is named: %#', (sweeper, actual) => {
  expect(judge(sweeper)).toMatchObject({ verdict: 'blocked', code: 'HOST_CANNOT_SWEEP', actual })
})

test('nothing is asked where the host is not to sweep', () => {
  expect(judge({}, { hostSweeps: false })).toMatchObject({
    verdict: 'n/a',
    reason: expect.stringContaining('pvcheck sweep'),
  })
})

test('each check has an id of its own, in order, and stands in the way of acting whatever it says', () => {
  expect(preflightChecks.map(({ id }) => id)).toEqual(
    Array.from({ length: 11 }, (_, index) => `PV-PRE-${String(index + 1).padStart(3, '0')}`),
  )
  const wanted = expectationsSchema.parse({})
  for (const { blocks, check } of preflightRequirements) {
    const { id, title } = check
    const finding = { check: id, title, subject: '', expected: '', actual: '', evidence: [] }
    expect(blocks({ ...finding, verdict: 'unknown' }, wanted)).toBe(true)
    expect(blocks({ ...finding, verdict: 'blocked' }, wanted)).toBe(true)
  }
})
