import { defineCheck } from '../../model/check.ts'
import { list } from '../say.ts'
import { gapsOf } from './gaps.ts'
import { journalNeeds } from './journal-facts.ts'
import { timeOf } from './own-lines.ts'

export const journalReachesBack = defineCheck({
  id: 'PV-JRN-002',
  title: 'The journal reaches back over the whole window, without a gap',
  needs: journalNeeds,
  judge: (facts) => {
    const { files, window } = facts
    const expected = `every line since ${window.since}`
    const gaps = gapsOf(facts)
    if (gaps.length > 0) {
      return [
        {
          subject: 'journal',
          expected,
          actual: list(gaps, 3),
          verdict: 'unknown',
          reason: 'lines of the window are gone, or cannot be read: what they said is not known',
          remedy:
            'Give the journal more room (`SystemMaxUse`, `MaxRetentionSec` in journald.conf) and do not vacuum it by hand; it is whole again when the window has passed, or after the next start of dockerd. If it cannot be read: `journalctl --verify`, and the group systemd-journal.',
        },
      ]
    }
    const oldest = Math.min(...files.files.filter(({ ofUser }) => !ofUser).map(({ headUs }) => headUs))
    return [{ subject: 'journal', expected, actual: `its oldest entry is of ${timeOf(oldest)}`, verdict: 'pass' }]
  },
})
