import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import type { Service } from '../../model/facts/services.ts'
import { services } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { tasks } from '../../model/facts/tasks.ts'
import { count, list } from '../say.ts'
import { controlPlaneOf, noControlPlane, noSuchService } from './control-plane.ts'

export const restartsAreFew = defineCheck({
  id: 'PV-SVC-004',
  title: 'No control-plane service was restarted more often than tolerated',
  needs: { info: engineInfo, unit: engineUnit, services, tasks },
  notApplicable: noControlPlane,
  judge: ({ info, unit, services, tasks }, wanted) => {
    const { maxRestarts, restartWindowMinutes } = wanted.tasks
    const windowStart = Date.parse(info.SystemTime) - restartWindowMinutes * 60_000
    // The start that a stopped unit remembers is not that of the dockerd which answers.
    const startedAt = unit.activeState === 'active' ? unit.startedAt : undefined
    const engineStart = Date.parse(startedAt ?? '1970-01-01')
    /** The end of dockerd ends every container of its node; that is dockerd's restart, and not the service's. */
    const endedWithEngine = ({ NodeID, CreatedAt, Status }: Task): boolean =>
      NodeID === info.Swarm.NodeID && (Date.parse(CreatedAt) < engineStart || refusedTooEarly(Status, engineStart))
    const expected = `at most ${count(maxRestarts, 'restart')} in ${restartWindowMinutes} min`
    return controlPlaneOf(services, tasks, wanted).map(({ name, service, tasks }): Judgement => {
      if (service === undefined) return noSuchService(name, expected, 'there are no tasks to look at')
      const recent = tasks.filter(
        ({ Status }) => Date.parse(Status.Timestamp) >= windowStart && hasFailed(Status, service),
      )
      const restarts = recent.filter((task) => !endedWithEngine(task))
      const excused = recent.length - restarts.length
      const note =
        excused === 0 ? '' : `; ${excused} from before the start of dockerd ${excused === 1 ? 'is' : 'are'} not counted`
      const said = { subject: name, expected, actual: `${count(restarts.length, 'restart')}${note}` }
      if (restarts.length <= maxRestarts) {
        const knownFrom = (task: Task): boolean => Date.parse(task.CreatedAt) < windowStart || endedWithEngine(task)
        const limit = info.Swarm.Cluster?.Spec?.Orchestration?.TaskHistoryRetentionLimit ?? -1
        if (isJob(service) || !forgets(service, tasks, limit, knownFrom)) return { ...said, verdict: 'pass' }
        return {
          ...said,
          verdict: 'unknown',
          reason: `the Swarm remembers ${count(limit, 'task')} of each slot, and they reach back over a part of the window only: there may have been more restarts`,
          remedy: `Let it remember more (\`docker swarm update --task-history-limit ${Math.max(5, maxRestarts + 2)}\`), and look again in ${restartWindowMinutes} min.`,
        }
      }
      if (startedAt === undefined) {
        return {
          ...said,
          verdict: 'unknown',
          reason: 'when dockerd was started is not known (PV-ENG-003), and so not which of them ended with it',
          remedy: 'See PV-ENG-003.',
        }
      }
      return {
        ...said,
        verdict: 'fail',
        reason: list(distinctEnds(restarts), 3),
        remedy: `\`docker service ps --no-trunc ${name}\` and \`docker service logs ${name}\` show why it ended; the Swarm forgets old tasks, so there may have been more.`,
      }
    })
  },
})

/** The first tasks of a service are made together with it. */
const firstTaskMs = 5_000

/** Whether a slot may have had tasks in the window that the Swarm has forgotten. */
function forgets(
  service: Service,
  tasks: readonly Task[],
  limit: number,
  knownFrom: (oldest: Task) => boolean,
): boolean {
  if (limit < 0) return false
  const slots = new Map<string, Task[]>()
  for (const task of tasks) {
    const slot = task.Slot === undefined ? task.NodeID : String(task.Slot)
    slots.set(slot, [...(slots.get(slot) ?? []), task])
  }
  return [...slots.values()].some((ofSlot) => {
    const oldest = ofSlot.toSorted((a, b) => Date.parse(a.CreatedAt) - Date.parse(b.CreatedAt))[0]
    if (oldest === undefined || ofSlot.length < limit || knownFrom(oldest)) return false
    return Date.parse(oldest.CreatedAt) > Date.parse(service.CreatedAt) + firstTaskMs
  })
}

const warmUpMs = 30_000

/** After a crash dockerd is given its tasks before it is in the Swarm again, and refuses them at first. */
function refusedTooEarly({ State, Timestamp }: Task['Status'], engineStart: number): boolean {
  return State === 'rejected' && Date.parse(Timestamp) < engineStart + warmUpMs
}

/** A task that was told to stop (an update, a scale-down) ends as `shutdown` without an error, and does not count. */
function hasFailed({ State, Err }: Task['Status'], service: Parameters<typeof isJob>[0]): boolean {
  if (State === 'failed' || State === 'rejected' || State === 'orphaned') return true
  if (State === 'shutdown') return Err !== ''
  return State === 'complete' && !isJob(service)
}

function isJob({ Spec }: { Spec: { Mode: { ReplicatedJob?: unknown; GlobalJob?: unknown } } }): boolean {
  return Spec.Mode.ReplicatedJob !== undefined || Spec.Mode.GlobalJob !== undefined
}

function distinctEnds(tasks: readonly Task[]): string[] {
  const said = tasks.map(({ Status }) => `${Status.State}: ${Status.Err || Status.Message || 'no message'}`)
  return [...new Set(said)]
}
