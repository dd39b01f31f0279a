import { defineCheck } from '../../model/check.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import { count } from '../say.ts'

export const engineDidNotCrash = defineCheck({
  id: 'PV-ENG-004',
  title: 'dockerd did not crash since it was last started on purpose',
  needs: { unit: engineUnit },
  judge: ({ unit }) => {
    const sound = unit.restarts === 0 && unit.result === 'success'
    return [
      {
        subject: 'dockerd',
        expected: 'no restart by systemd itself, result "success"',
        actual: `${count(unit.restarts, 'restart')} by systemd, result "${unit.result}"`,
        ...(sound
          ? { verdict: 'pass' }
          : {
              verdict: 'fail',
              reason: 'a crash stops every container of the node, and its cause is still there',
              remedy: `Find the cause: \`journalctl -b -u ${unit.id}\` around the restart (out of memory, a panic, a kill). Then \`systemctl restart ${unit.id}\` in a maintenance window starts the count anew.`,
            }),
      },
    ]
  },
})
