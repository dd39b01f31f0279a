import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import type { QuietJobs } from '../../model/facts/quiet/jobs.ts'
import { quietJobs } from '../../model/facts/quiet/jobs.ts'
import { count, list } from '../say.ts'
import { hostNotQuiet } from './not-quiet.ts'

export const jobsAreNotRunning = defineCheck({
  id: 'PV-PRE-001',
  title: 'No job runs beside which nothing may be created',
  needs: { jobs: quietJobs },
  notApplicable: ({ quiet }) =>
    quiet.units.length + quiet.processes.length === 0
      ? 'neither `expect.quiet.units` nor `expect.quiet.processes` names any'
      : undefined,
  judge: ({ jobs }) => [...judgeUnits(jobs.units), ...judgeProcesses(jobs.processes)],
})

function judgeUnits(units: QuietJobs['units']): readonly Judgement[] {
  if (units === undefined) return []
  const expected = `${list(units.asked)}: neither active nor activating`
  if (units.state === 'unread') {
    return [
      {
        subject: 'units',
        expected,
        actual: plain(units.why),
        verdict: 'unknown',
        reason: 'systemd did not say what they are doing',
        remedy: 'Where the manager has no systemd, take `expect.quiet.units` out, and name processes instead.',
      },
    ]
  }
  const active = units.units.filter(({ activeState }) => !isAtRest(activeState))
  if (active.length === 0) {
    // A transient unit is there only while it runs; a name that is misspelt never is.
    const none = units.units.filter(({ loadState }) => loadState === 'not-found').map(({ id }) => plain(id, 100))
    const actual = none.length === 0 ? 'none is active' : `none is active; systemd has no ${list(none)}`
    return [{ subject: 'units', expected, actual, verdict: 'pass' }]
  }
  return active.map(({ id, activeState, subState }) => ({
    subject: plain(id, 100),
    expected: 'neither active nor activating',
    actual: plain(`${activeState} (${subState})`, 100),
    verdict: 'blocked',
    code: hostNotQuiet,
    reason:
      subState === 'exited'
        ? 'it has ended, and counts as active for as long as it is not stopped (`RemainAfterExit`)'
        : 'what it does, and what is created beside it, would be taken for each other',
    remedy: `Wait until it has ended: \`systemctl status ${plain(id, 100)}\`.`,
  }))
}

/** Any other state is one in which something of it runs: `reloading`, `deactivating`, and what a later systemd knows. */
function isAtRest(activeState: string): boolean {
  return activeState === 'inactive' || activeState === 'failed'
}

function judgeProcesses(processes: QuietJobs['processes']): readonly Judgement[] {
  if (processes === undefined) return []
  const said = { subject: 'processes', expected: 'none whose command line matches `expect.quiet.processes`' }
  if (processes.state === 'unread') {
    return [
      {
        ...said,
        actual: plain(processes.why),
        verdict: 'unknown',
        reason: 'without the command lines of all processes nobody can tell which of them run',
        remedy:
          'Let pvcheck run its commands on the manager itself, and not in a container there, as a user who may see all processes: root, where /proc is mounted with `hidepid`.',
      },
    ]
  }
  const { seen, matches } = processes
  if (matches.length === 0) {
    return [{ ...said, actual: `${count(seen, 'process', 'processes')}, none matches`, verdict: 'pass' }]
  }
  const say = ({ pid, program, pattern }: (typeof matches)[number]): string =>
    `${pid} (${plain(program, 60)}) matches \`${pattern}\``
  return [
    {
      ...said,
      actual: list(matches.map(say)),
      verdict: 'blocked',
      code: hostNotQuiet,
      reason: 'what they do, and what is created beside them, would be taken for each other',
      remedy: `Wait until they have ended; \`ps -fp ${matches
        .slice(0, 6)
        .map(({ pid }) => pid)
        .join(',')}\` shows them whole.`,
    },
  ]
}
