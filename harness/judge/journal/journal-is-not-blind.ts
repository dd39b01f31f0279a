import { defineCheck } from '../../model/check.ts'
import { count } from '../say.ts'
import { deafnessOf } from './deafness.ts'
import { hearingNeeds } from './journal-facts.ts'
import { oldestOwnLine, ownLines, startOf, timeOf } from './own-lines.ts'

export const journalIsNotBlind = defineCheck({
  id: 'PV-JRN-001',
  title: "The journal holds the running dockerd's own lines, and still takes them",
  needs: hearingNeeds,
  judge: (facts) => {
    const { unit, window } = facts
    const expected = `a line of ${unit.syslogIdentifier}, invocation ${unit.invocationId}`
    const control = oldestOwnLine(facts)
    const lines = ownLines(window.entries, unit).length
    if (control === undefined) {
      return [
        {
          subject: 'journal',
          expected,
          actual: `no such line among the ${count(window.entries.length, 'line')} of the unit since ${window.since}`,
          verdict: 'unknown',
          reason: 'no line proves that what dockerd prints comes to this journal: silence is no evidence',
          remedy: `Look where it logs: \`systemctl show -p StandardOutput,LogNamespace ${unit.id}\`, \`log-level\` in its configuration, and whether you may read the journal (group systemd-journal).`,
        },
      ]
    }
    const deafness = deafnessOf(facts)
    if (deafness !== undefined) return [{ subject: 'journal', expected, verdict: 'unknown', ...deafness }]
    const afterStartMs = (control.timeUs - startOf(unit)) / 1000
    const kind = afterStartMs < 60_000 ? 'its start' : 'its oldest line left'
    return [
      {
        subject: 'journal',
        expected,
        actual: `${kind} at ${timeOf(control.timeUs)}; ${count(lines, 'line')} since ${window.since}`,
        verdict: 'pass',
      },
    ]
  },
})
