import { pollUntil } from '../../../harness/core/poll.ts'
import type { LabMachine } from '../../host/machine.ts'
import { type LabEngine, servicesSchema } from './engine.ts'
import { traceOnHost } from './host-traces.ts'
import { objectsLeft } from './leftovers.ts'
import { processesOf } from './processes.ts'

export interface Scene {
  readonly machine: LabMachine
  readonly engine: LabEngine
  /** What was on the host before anything was done. */
  readonly before: ReadonlySet<string>
}

/**
 * Waits until nothing of a run is left: in the Swarm, on its host, and no process of it on this machine. Throws
 * `WAIT_TIMED_OUT` with what is still there.
 */
export async function untilNothingLeft(
  { machine, engine, before }: Scene,
  { mark, timeoutMs, signal }: { readonly mark: string; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  await pollUntil<void>(
    async () => {
      const objects = await objectsLeft(engine)
      // The dearer look only where the cheap one finds nothing.
      const left = objects.length > 0 ? objects : await othersLeft({ machine, engine, before }, mark)
      return left.length === 0 ? { done: true, value: undefined } : { done: false, state: left.join(', ') }
    },
    { what: 'nothing of the run to be left', timeoutMs, intervalMs: 100, signal },
  )
}

async function othersLeft({ machine, engine, before }: Scene, mark: string): Promise<string[]> {
  const processes = (await processesOf(mark)).map(({ pid, words }) => `process ${pid} ${words.slice(0, 120)}`)
  if (processes.length > 0) return processes
  return (await traceOnHost(machine, engine)).filter((line) => !before.has(line))
}

/** Waits until each service has the tasks it wants: a host that was struck comes to itself before the next case. */
export async function untilSettled(engine: LabEngine, signal: AbortSignal): Promise<void> {
  await pollUntil<void>(
    async () => {
      const services = await engine.get('/services?status=true', servicesSchema)
      const short = services.filter(
        ({ ServiceStatus: status }) => status == null || status.RunningTasks !== status.DesiredTasks,
      )
      return short.length === 0
        ? { done: true, value: undefined }
        : { done: false, state: short.map(({ Spec }) => Spec.Name).join(', ') }
    },
    { what: 'all services to have their tasks', timeoutMs: 90_000, intervalMs: 200, signal },
  )
}
