import { z } from 'zod'
import { pollUntil } from '../../harness/core/poll.ts'
import { type LabMachine, runOn } from '../host/machine.ts'

const taskSchema = z.object({
  ID: z.string(),
  Spec: z.object({ ContainerSpec: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).optional() }),
  Status: z.object({ State: z.string() }),
})

export interface LabTask {
  readonly id: string
  /** Empty when no stack deployed it. */
  readonly stack: string
  readonly state: string
}

const ended = new Set(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'])

/** Waits until the tasks that still hold their addresses are as wanted, those of removed services included. */
export async function waitForLiveTasks(
  machine: LabMachine,
  { what, wanted, signal }: { what: string; wanted: (live: readonly LabTask[]) => boolean; signal: AbortSignal },
): Promise<void> {
  await pollUntil<true>(
    async (until) => {
      const live = (await listTasks(machine, until)).filter(({ state }) => !ended.has(state))
      if (wanted(live)) return { done: true, value: true }
      return { done: false, state: live.map(({ stack, id, state }) => `${stack} ${id} ${state}`).join(', ') }
    },
    { what, timeoutMs: 60_000, intervalMs: 50, signal },
  )
}

/** Asked by its service, the engine has forgotten a task as soon as the service is gone; so all are asked for. */
async function listTasks(machine: LabMachine, signal: AbortSignal): Promise<LabTask[]> {
  const command = 'curl --silent --show-error --fail --unix-socket /run/docker.sock http://docker/v1.41/tasks'
  const tasks = z.array(taskSchema).parse(JSON.parse(await runOn(machine, command, { signal })))
  return tasks.map(({ ID, Spec, Status }) => ({
    id: ID,
    stack: Spec.ContainerSpec?.Labels?.['com.docker.stack.namespace'] ?? '',
    state: Status.State,
  }))
}
