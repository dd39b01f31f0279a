import { defineCheck } from '../../model/check.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import { journalSuppressed } from '../../model/facts/journal-suppressed.ts'
import { journalWindow } from '../../model/facts/journal-window.ts'
import { count } from '../say.ts'
import { suppressedOf } from './suppressed.ts'

export const nothingWasSuppressed = defineCheck({
  id: 'PV-JRN-004',
  title: "journald threw none of dockerd's lines away",
  needs: { unit: engineUnit, window: journalWindow, suppressed: journalSuppressed },
  judge: ({ unit, window, suppressed }) => {
    const byUnit = suppressedOf({ suppressed })
    const lost = byUnit.get(unit.id) ?? 0
    const others = [...byUnit].filter(([name]) => name !== unit.id)
    const said = {
      subject: 'journal',
      expected: `none suppressed since ${window.since}`,
      actual: `${count(lost, 'line')} of ${unit.id}${others.length === 0 ? '' : `; of other units: ${others.map(([name, number]) => `${name} ${number}`).join(', ')}`}`,
    }
    if (lost === 0 && suppressed.exitCode === 0) return [{ ...said, verdict: 'pass' }]
    return [
      {
        ...said,
        verdict: 'unknown',
        reason:
          lost > 0 ? 'what the lost lines said is not known' : `journalctl ended with exit code ${suppressed.exitCode}`,
        remedy: `Raise the limit for dockerd: \`LogRateLimitIntervalSec=0\` in a drop-in for ${unit.id}; with the journald log driver the lines of containers count against it, too.`,
      },
    ]
  },
})
