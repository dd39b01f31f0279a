import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { services } from '../../model/facts/services.ts'
import { controlPlaneOf, noControlPlane, noSuchService } from './control-plane.ts'

const finished = new Set(['', 'completed', 'rollback_completed'])
const moving = new Set(['updating', 'rollback_started'])

export const updatesAreFinished = defineCheck({
  id: 'PV-SVC-006',
  title: 'No update of a control-plane service is stopped half-way',
  needs: { services },
  notApplicable: noControlPlane,
  judge: ({ services }, wanted) =>
    controlPlaneOf(services, [], wanted).map(({ name, service }): Judgement => {
      const expected = 'none, or completed'
      if (service === undefined) return noSuchService(name, expected, 'there is no update to look at')
      const { State = '', Message = '' } = service.UpdateStatus ?? {}
      const actual = State === '' ? 'none' : `${State}${Message === '' ? '' : `: ${Message}`}`
      const said = { subject: name, expected, actual }
      if (finished.has(State)) return { ...said, verdict: 'pass' }
      if (moving.has(State)) {
        return { ...said, verdict: 'unknown', reason: 'it is on its way', remedy: 'Look again when it has settled.' }
      }
      return {
        ...said,
        verdict: 'fail',
        reason: 'some tasks run the old specification and some the new one',
        remedy: `Mend what the message says, then \`docker service update --force ${name}\`; or go back with \`docker service rollback ${name}\`.`,
      }
    }),
})
