import { Disposer } from '../../harness/core/disposer.ts'
import { pollUntil } from '../../harness/core/poll.ts'
import { execOn, type LabMachine, runOn } from '../host/machine.ts'
import { joinLeaked, type Leaked, leftBy } from './leaked.ts'
import { endTasks, liveTasksOf, waitForTasks } from './live-task.ts'

export interface StackRmOptions {
  readonly stacks: number
  readonly atOnce: number
  /** Shared by all of them; attachable or not. */
  readonly network: string
  /** Published in ingress mode: the first of as many ports. Then each stack leaks on `ingress`, too. */
  readonly published?: number
  /** Before the number of each stack: `leaker` by default. */
  readonly prefix?: string
  readonly signal: AbortSignal
}

/**
 * Deploys stacks of the leaking shape, one service of one task on the shared network and on one of its own, and removes
 * each with `docker stack rm` when it runs. Returns, when their tasks have ended, the addresses that are lost.
 */
export async function leakByStackRm(machine: LabMachine, options: StackRmOptions): Promise<Leaked> {
  const { prefix = 'leaker' } = options
  const left = Array.from({ length: options.stacks }, (_, index) => index)
  const leaked: Leaked[] = []
  const work = async () => {
    for (let index = left.shift(); index !== undefined; index = left.shift()) {
      const port = options.published === undefined ? undefined : options.published + index
      // So long that its network is gone before it ends, however busy the machine is; then it is killed.
      const stack = { ...options, name: `${prefix}-${index + 1}`, port, stopSeconds: 20 }
      leaked.push(await deployAndRemove(machine, stack))
    }
  }
  // Every worker is waited for: none may go on creating while a caller cleans up after another.
  const workers = Array.from({ length: Math.min(options.atOnce, options.stacks) }, work)
  await Promise.allSettled(workers)
  await Promise.all(workers)
  return joinLeaked(leaked)
}

/** One stack of the leaking shape. */
export interface OneStack {
  readonly name: string
  readonly network: string
  /** Published in ingress mode. */
  readonly port: number | undefined
  /** How long its task goes on once it is told to end. */
  readonly stopSeconds: number
  readonly signal: AbortSignal
}

/** Deploys it; returns the id of its service when its task runs. */
export async function deployStack(machine: LabMachine, stack: OneStack): Promise<string> {
  const { name, signal } = stack
  const deploy = `docker stack deploy --resolve-image never --compose-file - ${name}`
  await runOn(machine, deploy, { stdin: composeFile(stack), signal })
  const service = (await runOn(machine, `docker service inspect --format '{{.ID}}' ${name}_web`, { signal })).trim()
  await waitForTasks(machine, service, { running: 1, signal })
  return service
}

async function deployAndRemove(machine: LabMachine, stack: OneStack): Promise<Leaked> {
  const { name, signal } = stack
  await using cleanUp = new Disposer()
  cleanUp.defer(() => removeStack(machine, name))
  const service = await deployStack(machine, stack)
  return await removeWhileItRuns(machine, { name, service, signal })
}

/** Sleeps through SIGTERM. */
function composeFile({ network, port, stopSeconds }: OneStack): string {
  const ports = port === undefined ? '' : `\n    ports: ["${port}:80"]`
  return `version: '3.8'
services:
  web:
    image: pvcheck-lab/busybox:1
    command: ["sleep", "86400"]
    stop_grace_period: ${stopSeconds}s
    networks: [shared, own]${ports}
networks:
  shared: { external: true, name: ${network} }
  own: {}
`
}

/**
 * `docker stack rm`, until the Swarm has no network of it any more: newer engines refuse to remove that for a moment, as
 * its task is not told to end yet, and say so. The node itself lists it for as long as a container is on it, so a list
 * of networks does not tell. Only what still ran then leaks.
 */
async function removeWhileItRuns(
  machine: LabMachine,
  { name, service, signal }: { name: string; service: string; signal: AbortSignal },
): Promise<Leaked> {
  await pollUntil<true>(
    async (until) => {
      const { exitCode, stderr } = await execOn(machine, `docker stack rm ${name}`, { signal: until })
      const isRefused = exitCode !== 0 && /in use by/.test(stderr)
      return isRefused ? { done: false, state: stderr.trim() } : { done: true, value: true }
    },
    { what: `the network of ${name} to be gone`, timeoutMs: 30_000, intervalMs: 20, signal },
  )
  const running = await liveTasksOf(machine, new Set([service]), signal)
  await endTasks(machine, service, signal)
  return leftBy(running, (network) => network.startsWith(`${name}_`))
}

const networksOf = (stack: string) =>
  `docker network ls --quiet --filter driver=overlay --filter label=com.docker.stack.namespace=${stack}`

/** Whatever is left of it, also after a failure; nothing where it went as planned. */
async function removeStack(machine: LabMachine, name: string): Promise<void> {
  await pollUntil<true>(
    async (signal) => {
      await execOn(machine, `docker stack rm ${name}`, { signal })
      const left = await runOn(
        machine,
        `${networksOf(name)}; docker service ls --quiet --filter label=com.docker.stack.namespace=${name}`,
        { signal },
      )
      return left === '' ? { done: true, value: true } : { done: false, state: left }
    },
    { what: `${name} to be removed`, timeoutMs: 30_000 },
  )
}
