import { defineCheck, type Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { type Bridge, bridge } from '../../model/facts/routing/bridge.ts'
import { type Service, services } from '../../model/facts/services.ts'
import { type Task, tasks } from '../../model/facts/tasks.ts'
import { noSuchService } from '../service/control-plane.ts'
import { judgeHealth } from './bridge-health.ts'
import { judgeLog } from './bridge-log.ts'

type Wanted = NonNullable<Expectations['bridge']>

export const bridgeIsAlive = defineCheck({
  id: 'PV-CI-004',
  title: 'The bridge is alive',
  needs: { bridge, services, tasks },
  notApplicable: ({ bridge }) => (bridge === undefined ? 'no bridge is named in `expect.bridge`' : undefined),
  judge: ({ bridge, services, tasks }, { bridge: wanted }) =>
    wanted === undefined ? [] : [judgeBridge(bridge, services, tasks, wanted)],
})

function judgeBridge(bridge: Bridge, services: readonly Service[], tasks: readonly Task[], wanted: Wanted): Judgement {
  const subject = wanted.service
  const health = wanted.health === undefined ? undefined : judgeHealth(bridge)
  if (health !== undefined && typeof health !== 'string') {
    return { subject, expected: 'its health URL answers with 2xx', ...health }
  }
  const expected = `a log line younger than ${2 * wanted.pollSeconds} s, two polls`
  if (bridge.log.state === 'no service') return noSuchService(subject, expected, 'there is no log to look at')
  const said = judgeLog(bridge.log, { services, tasks, wanted })
  const note = health === undefined ? '' : `; its health URL could not be asked: ${health}`
  return { subject, expected, ...said, actual: `${said.actual}${note}` }
}
