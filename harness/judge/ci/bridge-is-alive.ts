import { defineCheck, type Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { type Bridge, bridge } from '../../model/facts/routing/bridge.ts'
import { type Service, services } from '../../model/facts/services.ts'
import { type Task, tasks } from '../../model/facts/tasks.ts'
import { tasksInWords } from '../proxy/tasks-in-words.ts'
import { noSuchService, remedyForName } from '../service/control-plane.ts'
import { judgeHealth } from './bridge-health.ts'
import { judgeLog, running } from './bridge-log.ts'

type Wanted = NonNullable<Expectations['bridge']>

export const bridgeIsAlive = defineCheck({
  id: 'PV-CI-004',
  title: 'The bridge is alive',
  needs: { bridge, services, tasks },
  notApplicable: ({ bridge }) => (bridge === undefined ? 'no bridge is named in `expect.bridge`' : undefined),
  judge: ({ bridge, services, tasks }, { bridge: wanted }) =>
    wanted === undefined ? [] : [judgeBridge(bridge, services, tasks, wanted)],
})

const answeredWithout = {
  verdict: 'unknown',
  code: 'BRIDGE_NOT_RUNNING',
  reason: 'its health URL answers, and yet none of its tasks was seen running: somebody else may answer there',
  remedy: 'Look again in a minute; if it stays, see PV-SVC-002, and who listens on that port of the manager.',
} as const

function judgeBridge(bridge: Bridge, services: readonly Service[], tasks: readonly Task[], wanted: Wanted): Judgement {
  const subject = wanted.service
  const health = wanted.health === undefined ? undefined : judgeHealth(bridge)
  if (health !== undefined && typeof health !== 'string') {
    const said = { subject, expected: 'its health URL answers with 2xx', ...health }
    if (health.verdict !== 'pass' || running({ services, tasks, wanted }).length > 0) return said
    return { ...said, ...answeredWithout, actual: `${said.actual}; ${tasksInWords(subject, services, tasks)}` }
  }
  const expected = `a log line younger than ${2 * wanted.pollSeconds} s, two polls`
  if (bridge.log.state === 'no service') {
    return noSuchService(subject, expected, 'there is no log to look at', remedyForName('expect.bridge.service'))
  }
  const said = judgeLog(bridge.log, { services, tasks, wanted })
  const note = health === undefined ? '' : `; its health URL could not be asked: ${health}`
  return { subject, expected, ...said, actual: `${said.actual}${note}` }
}
