import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { isRunning } from './control-plane.ts'

export interface Replicas {
  /** How many are to run, or, of a job, to have completed. */
  readonly desired: number
  readonly running: number
  /** Only of a job. */
  readonly completed: number
  readonly job: boolean
}

/** Counted from the tasks, and not from the engine's own summary, which lags behind. */
export function replicasOf(service: Service, tasks: readonly Task[]): Replicas {
  const { Replicated, Global, ReplicatedJob } = service.Spec.Mode
  const running = tasks.filter(isRunning).length
  if (Replicated !== undefined) return { desired: Replicated.Replicas, running, completed: 0, job: false }
  if (Global !== undefined) {
    // One task for each node that fits: the Swarm has worked out which do, and made the tasks.
    const desired = tasks.filter(({ DesiredState }) => DesiredState === 'running').length
    return { desired, running, completed: 0, job: false }
  }
  const iteration = service.JobStatus?.JobIteration?.Index ?? 0
  const ofThisRun = tasks.filter(({ JobIteration }) => (JobIteration?.Index ?? 0) === iteration)
  const completed = ofThisRun.filter(({ Status }) => Status.State === 'complete').length
  const nodes = new Set(ofThisRun.map(({ NodeID }) => NodeID)).size
  const desired = ReplicatedJob === undefined ? nodes : (ReplicatedJob.TotalCompletions ?? 1)
  return { desired, running: ofThisRun.filter(({ Status }) => Status.State === 'running').length, completed, job: true }
}
