import { z } from 'zod'
import { pollUntil } from '../../harness/core/poll.ts'
import { type LabMachine, runOn } from '../host/machine.ts'

const taskSchema = z.object({
  ServiceID: z.string().nullish(),
  Status: z.object({ State: z.string() }),
  NetworksAttachments: z
    .array(
      z.object({
        Network: z.object({ Spec: z.object({ Name: z.string() }) }),
        Addresses: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
})

/** A task whose container has not ended, so that it holds its addresses. */
export interface LiveTask {
  readonly service: string
  readonly state: string
  /** By the name of the network, without the prefix length. */
  readonly addresses: Readonly<Record<string, readonly string[]>>
}

const ended = new Set(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'])

/** The live tasks of these services (by id), of removed ones too: asked by service, the engine has forgotten those. */
export async function liveTasksOf(
  machine: LabMachine,
  services: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<LiveTask[]> {
  const command = 'curl --silent --show-error --fail --unix-socket /run/docker.sock http://docker/tasks'
  const tasks = z.array(taskSchema).parse(JSON.parse(await runOn(machine, command, { signal })))
  return tasks.flatMap(({ ServiceID, Status, NetworksAttachments }) => {
    if (ServiceID == null || !services.has(ServiceID) || ended.has(Status.State)) return []
    const held = (NetworksAttachments ?? []).map(({ Network, Addresses }) => [
      Network.Spec.Name,
      (Addresses ?? []).map((address) => address.replace(/\/.*/, '')),
    ])
    return [{ service: ServiceID, state: Status.State, addresses: Object.fromEntries(held) }]
  })
}

/** So many running tasks of a service, or none that lives. Throws WAIT_TIMED_OUT with their states. */
export async function waitForTasks(
  machine: LabMachine,
  service: string,
  { running, signal }: { readonly running: number; readonly signal: AbortSignal },
): Promise<void> {
  await pollUntil<true>(
    async (until) => {
      const states = (await liveTasksOf(machine, new Set([service]), until)).map(({ state }) => state)
      const isSo =
        running === 0 ? states.length === 0 : states.filter((state) => state === 'running').length === running
      return isSo ? { done: true, value: true } : { done: false, state: states.join(', ') || 'no live task' }
    },
    {
      what: running === 0 ? `the tasks of ${service} to end` : `${running} tasks of ${service} to run`,
      timeoutMs: 60_000,
      intervalMs: 100,
      signal,
    },
  )
}

/** Ends the tasks of a removed service now, and not when their grace period is over; those of other nodes take that long. */
export async function endTasks(machine: LabMachine, service: string, signal: AbortSignal): Promise<void> {
  const containers = `docker ps --quiet --filter label=com.docker.swarm.service.id=${service}`
  // One that has ended meanwhile is as good: the wait tells.
  await runOn(machine, `left=$(${containers}) && { [ -z "$left" ] || docker kill $left || true; }`, { signal })
  await waitForTasks(machine, service, { running: 0, signal })
}
