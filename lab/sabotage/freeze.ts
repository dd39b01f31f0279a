import { type LabMachine, runOn } from '../host/machine.ts'

/** Shell: the first process of a service's container. */
export function mainProcess(service: string): string {
  const containers = `docker ps --quiet --filter label=com.docker.swarm.service.name=${service}`
  return `$(docker inspect --format '{{.State.Pid}}' $(${containers}))`
}

/** Stops processes where they stand: their sockets go on taking connections, and nobody answers. */
export async function freeze(machine: LabMachine, processes: string, signal: AbortSignal): Promise<void> {
  await runOn(machine, `kill -STOP ${processes}`, { signal })
}

export async function thaw(machine: LabMachine, processes: string, signal: AbortSignal): Promise<void> {
  await runOn(machine, `kill -CONT ${processes}`, { signal })
}
