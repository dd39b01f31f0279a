import { defineCheck } from '../../model/check.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import { duration } from '../say.ts'

export const engineRuns = defineCheck({
  id: 'PV-ENG-003',
  title: 'dockerd runs as a unit of systemd, and its start time is known',
  needs: { info: engineInfo, unit: engineUnit },
  judge: ({ info, unit }) => {
    const expected = `${unit.id} active and running, with a start time`
    const state = `${unit.activeState} (${unit.subState})`
    if (unit.loadState !== 'loaded') {
      return [
        {
          subject: 'dockerd',
          expected,
          actual: `${unit.id} is ${unit.loadState}`,
          verdict: 'unknown',
          reason: 'the engine answers, but not from this unit: its start, its crashes and its log cannot be told',
          remedy: 'Name the unit that runs dockerd in `expect.journal.unit`.',
        },
      ]
    }
    if (unit.activeState !== 'active' || unit.startedAt === undefined) {
      return [
        {
          subject: 'dockerd',
          expected,
          actual: `${unit.id} is ${state}`,
          verdict: 'fail',
          reason: 'the engine answers, but systemd does not run it: after a crash nobody starts it again',
          remedy: `Look at \`systemctl status ${unit.id}\`, end the stray dockerd and start the unit.`,
        },
      ]
    }
    const uptime = duration(Date.parse(info.SystemTime) - Date.parse(unit.startedAt))
    return [
      {
        subject: 'dockerd',
        expected,
        actual: `${state} since ${unit.startedAt}, up ${uptime}, invocation ${unit.invocationId}`,
        verdict: 'pass',
      },
    ]
  },
})
