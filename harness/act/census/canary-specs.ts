import { nameOf } from '../../model/mark.ts'

/** What a canary is: a service that has no container, whatever happens. Its marks come from the hand that creates it. */
export interface CanarySpec extends Readonly<Record<string, unknown>> {
  readonly Name: string
}

/** A name that no resolver knows: an image that by some fault were asked for after all could not be pulled. */
const image = 'pvcheck.invalid/canary:0'

/** No node has that id, so the tasks of a canary are given their addresses and then wait for ever. */
const nowhere = 'node.id==pvcheck-never'

function canary(Name: string, Networks: readonly { readonly Target: string }[], Replicas: number) {
  return {
    Name,
    Labels: { 'traefik.enable': 'false' },
    TaskTemplate: {
      ContainerSpec: { Image: image, ReadOnly: true, CapabilityDrop: ['ALL'] },
      RestartPolicy: { Condition: 'none', MaxAttempts: 0 },
      Placement: { Constraints: [nowhere] },
      LogDriver: { Name: 'none' },
      Networks,
    },
    Mode: { Replicated: { Replicas } },
  } as const
}

/** On exactly one network: on two, one that is full would leak an address on the other. */
export function vipCanary(run: string, number: number, networkId: string): CanarySpec {
  const name = nameOf(run, number, 'vip')
  return { ...canary(name, [{ Target: networkId }], 0), EndpointSpec: { Mode: 'vip' } }
}

/** So many tasks of one service, without a virtual address for the service itself. */
export function tasksCanary(run: string, number: number, networkId: string, count: number): CanarySpec {
  const name = nameOf(run, number, 'tasks')
  return { ...canary(name, [{ Target: networkId }], count), EndpointSpec: { Mode: 'dnsrr' } }
}

/** On `ingress` by nothing but its port, which is never left to the Swarm: that might take what a deploy needs. */
export function ingressCanary(run: string, number: number, port: number): CanarySpec {
  const name = nameOf(run, number, 'ingress')
  const published = { Protocol: 'tcp', TargetPort: 80, PublishedPort: port, PublishMode: 'ingress' }
  return { ...canary(name, [], 0), EndpointSpec: { Mode: 'vip', Ports: [published] } }
}
