import { plain } from '../../core/text.ts'
import type { Expectations } from '../../model/expectations.ts'
import type { Bridge } from '../../model/facts/routing/bridge.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { tasksInWords } from '../proxy/tasks-in-words.ts'
import { duration } from '../say.ts'
import { isRunning } from '../service/control-plane.ts'
import type { Said } from './answer.ts'

export interface BridgeGround {
  readonly services: readonly Service[]
  readonly tasks: readonly Task[]
  readonly wanted: NonNullable<Expectations['bridge']>
}

type Log = Exclude<Bridge['log'], { readonly state: 'no service' }>
type ReadLog = Extract<Bridge['log'], { readonly state: 'read' }>

/** What its log tells of a bridge: that it lives, and no more. A line that its polls fail is a sign of life, too. */
export function judgeLog(log: Log, ground: BridgeGround): Said {
  if (log.state === 'unreadable') return judgeUnreadable(log.why, ground)
  const last = newestOf(log)
  const ageMs = last === undefined ? undefined : Date.parse(log.now) - last.atMs
  const patienceMs = 2 * ground.wanted.pollSeconds * 1000
  const seen =
    last === undefined || ageMs === undefined
      ? 'its log is empty'
      : `last line ${ageMs < 0 ? `${duration(-ageMs)} ahead` : `${duration(ageMs)} ago`}: ${plain(last.text, 200)}`
  const tasks = tasksInWords(ground.wanted.service, ground.services, ground.tasks)
  if (ageMs !== undefined && ageMs < -patienceMs) return { ...doubts.clocks, actual: seen }
  if (ageMs !== undefined && ageMs < patienceMs) {
    return running(ground).length > 0
      ? { actual: seen, verdict: 'pass' }
      : { ...doubts.ended, actual: `${seen}; ${tasks}` }
  }
  const actual = `${seen}; ${tasks}`
  if (running(ground).length === 0) return { ...noTask(ground), actual }
  if (log.gap !== undefined) {
    return { ...doubts.gap, actual, reason: `there may be younger lines: the engine says ${plain(log.gap, 200)}` }
  }
  // What an earlier task logged is still there when the log of the present one goes nowhere.
  if (driverOf(ground) === 'none') return judgeUnreadable('the log driver none keeps nothing', ground)
  const sinceMs = Math.max(...running(ground).map(({ Status }) => Date.parse(Status.Timestamp)))
  // No task's time can be read where this is not a number: it is not known to have had its two polls.
  if (!(Date.parse(log.now) - sinceMs > patienceMs)) return { ...doubts.starting, actual }
  return {
    actual,
    verdict: 'fail',
    code: last === undefined ? 'BRIDGE_SILENT' : 'BRIDGE_STALE',
    reason: 'it runs, and has said nothing for longer than two polls: it hangs, or logs elsewhere',
    remedy: `\`docker service logs ${ground.wanted.service}\` shows what it did last; \`docker service update --force ${ground.wanted.service}\` starts it anew. If it polls less often, correct \`pollSeconds\` in \`expect.bridge\`.`,
  }
}

/** A log that nobody can read is no charge; a bridge without a task is not alive, whatever its log. */
function judgeUnreadable(why: string, ground: BridgeGround): Said {
  if (running(ground).length === 0) {
    return { ...noTask(ground), actual: tasksInWords(ground.wanted.service, ground.services, ground.tasks) }
  }
  return {
    actual: 'its log cannot be read',
    verdict: 'n/a',
    reason: `${plain(why, 300)}; with \`health\` in \`expect.bridge\` it would be asked itself`,
  }
}

function newestOf({ lines }: ReadLog): { readonly atMs: number; readonly text: string } | undefined {
  const dated = lines.map(({ at, text }) => ({ atMs: Date.parse(at), text }))
  return dated
    .filter(({ atMs }) => !Number.isNaN(atMs))
    .toSorted((a, b) => a.atMs - b.atMs)
    .at(-1)
}

/** Its tasks that run. */
export function running({ services, tasks, wanted }: BridgeGround): readonly Task[] {
  const service = services.find(({ Spec }) => Spec.Name === wanted.service)
  return tasks.filter((task) => task.ServiceID === service?.ID && isRunning(task))
}

function driverOf({ services, wanted }: BridgeGround): string | undefined {
  return services.find(({ Spec }) => Spec.Name === wanted.service)?.Spec.TaskTemplate.LogDriver?.Name
}

function noTask({ wanted }: BridgeGround): Omit<Said, 'actual'> {
  return {
    verdict: 'fail',
    code: 'BRIDGE_DOWN',
    reason: 'no task of it runs',
    remedy: `\`docker service ps --no-trunc ${wanted.service}\` shows its tasks; mend what the newest one says.`,
  }
}

const doubts = {
  clocks: {
    verdict: 'unknown',
    code: 'CLOCKS_DISAGREE',
    reason: 'its lines are from the future: the clock of its node and that of the manager differ',
    remedy: 'Set the clocks of the nodes right.',
  },
  ended: {
    verdict: 'unknown',
    code: 'BRIDGE_NOT_RUNNING',
    reason: 'the line is fresh, and yet none of its tasks was seen running',
    remedy: 'Look again in a minute; if it stays, see PV-SVC-002.',
  },
  gap: {
    verdict: 'unknown',
    code: 'LOG_GAP',
    remedy: 'Mend what keeps the manager from the logs of that node, or configure `health` in `expect.bridge`.',
  },
  starting: {
    verdict: 'unknown',
    code: 'BRIDGE_STARTING',
    reason: 'its task has not run for two polls yet',
    remedy: 'Look again in a minute.',
  },
} as const
