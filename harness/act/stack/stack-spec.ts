import { stackLabel } from '../../judge/removal/stack-of.ts'
import { nameOf } from '../../model/mark.ts'
import type { Throwaway } from '../../model/throwaway.ts'
import type { Ground } from './ground.ts'

/** What one stack of a run consists of: its own name, and those of its network and its service. */
export interface StackNames {
  readonly stack: string
  readonly network: string
  readonly service: string
}

export function namesOf(run: string, number: number): StackNames {
  return { stack: nameOf(run, number), network: nameOf(run, number, 'net'), service: nameOf(run, number, 'web') }
}

/** The overlay that only this stack is on; its marks come from the hand that creates it. */
export function networkSpec({ stack, network }: StackNames) {
  return {
    Name: network,
    CheckDuplicate: true,
    Driver: 'overlay',
    Attachable: false,
    Labels: { [stackLabel]: stack },
  } as const
}

const secondNs = 1e9

/** The one service of a stack: a container that can do nothing but answer, and is gone as soon as it is told to. */
export function serviceSpec(
  { stack, service }: StackNames,
  ground: Ground,
  throwaway: Pick<Throwaway, 'command' | 'targetPort' | 'publish' | 'constraints' | 'memoryMiB' | 'lifetimeSeconds'>,
  { networkId, port }: { readonly networkId: string; readonly port: number },
) {
  const labels = { [stackLabel]: stack }
  return {
    Name: service,
    Labels: { ...labels, 'traefik.enable': 'false' },
    TaskTemplate: {
      ContainerSpec: {
        Image: ground.image,
        Command: commandOf(throwaway),
        Labels: labels,
        // It has nothing to finish.
        StopSignal: 'SIGKILL',
        StopGracePeriod: secondNs,
        ReadOnly: true,
        CapabilityDrop: ['ALL'],
        Healthcheck: { Test: ['NONE'] },
      },
      Resources: { Limits: limitsOf(ground, throwaway) },
      RestartPolicy: { Condition: 'none', MaxAttempts: 0 },
      Placement: { Constraints: throwaway.constraints ?? [`node.id==${ground.nodeId}`] },
      LogDriver: { Name: 'none' },
      // In this order: a service that is given an address on the first network and none on the second keeps the one
      // that it has, and loses it. It is to lose it where it goes with the network.
      Networks: [{ Target: networkId }, { Target: ground.sharedNetwork.id }],
    },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: {
      Mode: 'vip',
      Ports: [
        {
          Protocol: 'tcp',
          TargetPort: throwaway.targetPort,
          PublishedPort: port,
          PublishMode: throwaway.publish.mode,
        },
      ],
    },
  } as const
}

/** `{seconds}` and `{port}` filled in, wherever they are in an argument. */
export function commandOf({
  command,
  lifetimeSeconds,
  targetPort,
}: Pick<Throwaway, 'command' | 'lifetimeSeconds' | 'targetPort'>): readonly string[] {
  return command.map((part) =>
    part.replaceAll('{seconds}', String(lifetimeSeconds)).replaceAll('{port}', String(targetPort)),
  )
}

/** An engine refuses a limit that its kernel cannot keep. */
function limitsOf({ canLimit }: Ground, { memoryMiB }: Pick<Throwaway, 'memoryMiB'>) {
  return {
    ...(canLimit.memory ? { MemoryBytes: memoryMiB * 1024 * 1024 } : {}),
    ...(canLimit.cpu ? { NanoCPUs: 0.5e9 } : {}),
    ...(canLimit.pids ? { Pids: 32 } : {}),
  }
}
