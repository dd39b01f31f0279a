import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { services } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { tasks } from '../../model/facts/tasks.ts'
import { list } from '../say.ts'
import type { ControlPlaneService } from './control-plane.ts'
import { controlPlaneOf, isRunning, noControlPlane } from './control-plane.ts'
import { replicasOf } from './replicas.ts'

export const controlPlaneRuns = defineCheck({
  id: 'PV-SVC-002',
  title: 'Every control-plane service has all of its tasks running',
  needs: { services, tasks },
  notApplicable: noControlPlane,
  judge: ({ services, tasks }, wanted) => controlPlaneOf(services, tasks, wanted).map(judgeService),
})

function judgeService({ name, service, tasks }: ControlPlaneService): Judgement {
  if (service === undefined) {
    return {
      subject: name,
      expected: 'a service with all of its tasks running',
      actual: 'no service of that name',
      verdict: 'fail',
      reason: 'it is not deployed, or has another name',
      remedy: 'Deploy its stack again, or correct `expect.controlPlane`.',
    }
  }
  const { desired, running, completed, job } = replicasOf(service, tasks)
  const done = job ? `${completed} completed, ${running} running of ${desired}` : `${running} of ${desired} running`
  const said = { subject: name, expected: job ? 'all completed or running' : 'all running, at least one', actual: done }
  if (desired > 0 && running + completed >= desired) return { ...said, verdict: 'pass' }
  if (desired === 0) {
    return {
      ...said,
      verdict: 'fail',
      reason: 'it is meant to have no task at all: scaled to none, or no node fits it',
      remedy: `\`docker service scale ${name}=1\`, or look at its placement constraints.`,
    }
  }
  return {
    ...said,
    verdict: 'fail',
    reason: whyNot(tasks),
    remedy: `\`docker service ps --no-trunc ${name}\` shows the tasks; mend what the newest one says.`,
  }
}

/** What the tasks say that are to run and do not. */
export function whyNot(tasks: readonly Task[]): string {
  const open = tasks.filter((task) => task.DesiredState !== 'shutdown' && !isRunning(task))
  const said = open.map(({ Status }) => `${Status.State}: ${Status.Err || Status.Message || 'no message'}`)
  return said.length === 0 ? 'it has no task that is to run' : list([...new Set(said)], 3)
}
