import { plain } from '../../core/text.ts'
import { defineCheck } from '../../model/check.ts'
import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { isLive, tasksByService } from '../address/task-state.ts'
import { count } from '../say.ts'
import { isRunning } from '../service/control-plane.ts'
import { replicasOf } from '../service/replicas.ts'
import { hostNotQuiet } from './not-quiet.ts'
import { overlook } from './overlook.ts'

/** One that is paused stays as it is until somebody acts. */
const moving = new Set(['updating', 'rollback_started'])

export const nothingConverges = defineCheck({
  id: 'PV-PRE-005',
  title: 'No service is on its way to what it should be',
  needs: { swarm: quietSwarm },
  judge: ({ swarm: { services: all, tasks } }, { quiet }) => {
    const expected = 'all tasks run, no update is in progress, no job is at work'
    const { seen: services, said } = overlook(all, quiet)
    const ofService = tasksByService(tasks)
    const busy = services.flatMap((service) => {
      const doing = doingOf(service, ofService.get(service.ID) ?? [])
      return doing === undefined ? [] : [{ service, doing }]
    })
    if (busy.length === 0) {
      return [
        {
          ...{ subject: 'services', expected, verdict: 'pass' },
          actual: `${count(services.length, 'service')}, all settled${said}`,
        },
      ]
    }
    return busy.map(({ service, doing }) => ({
      subject: plain(service.Spec.Name, 100),
      expected,
      actual: doing,
      verdict: 'blocked' as const,
      code: hostNotQuiet,
      reason: 'its tasks come and go meanwhile, and so do their addresses',
      remedy: `Wait until it has settled; \`docker service ps --no-trunc ${plain(service.Spec.Name, 100)}\` says what it waits for. One that never will: mend it, scale it to 0, or name it in \`expect.quiet.overlook\`.`,
    }))
  },
})

/** Undefined where it has settled. */
function doingOf(service: Service, tasks: readonly Task[]): string | undefined {
  const { State = '', Message = '' } = service.UpdateStatus ?? {}
  if (moving.has(State)) return plain(Message === '' ? State : `${State}: ${Message}`)
  const { desired, running, completed, job } = replicasOf(service, tasks)
  if (!job)
    return running < desired && !hasGivenUp(tasks, desired)
      ? `${running} of ${count(desired, 'task')} running`
      : undefined
  // A job that gave up, or is told to end, has nothing at work any more, however little it has done.
  const atWork = tasks.filter((task) => isLive(task) && task.DesiredState === 'complete').length
  return atWork === 0 ? undefined : `${completed} of ${desired} completed, ${count(atWork, 'task')} at work`
}

/**
 * Nothing of it comes or goes any more: it was to run once (`restart_policy: condition: none`), say, and has. A task that
 * is replaced is told to end in the same moment as the next one is there, and that one is live.
 */
function hasGivenUp(tasks: readonly Task[], desired: number): boolean {
  const isOver = (task: Task): boolean =>
    !isLive(task) && task.DesiredState !== 'running' && task.DesiredState !== 'ready'
  return tasks.length >= desired && tasks.every((task) => isRunning(task) || isOver(task))
}
