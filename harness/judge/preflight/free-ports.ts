import type { Service } from '../../model/facts/services.ts'

/** Who has which port, in a reader's words. */
export type TakenPorts = ReadonlyMap<number, string>

/** Ports that services publish, in any mode and of any protocol, and those on which somebody listens on the host. */
export function takenPorts(services: readonly Service[], listening: readonly number[] = []): TakenPorts {
  const taken = new Map<number, string>(listening.map((port) => [port, 'a listening socket of the host']))
  for (const { Spec, Endpoint } of services) {
    for (const { PublishedPort } of [...(Spec.EndpointSpec?.Ports ?? []), ...(Endpoint?.Ports ?? [])]) {
      if (PublishedPort > 0) taken.set(PublishedPort, `the service ${Spec.Name}`)
    }
  }
  return taken
}

interface Range {
  readonly from: number
  readonly to: number
}

/** The first `count` ports of the range, both ends included, that nobody has; fewer where there are not as many. */
export function freePorts({ from, to }: Range, taken: TakenPorts, count: number): readonly number[] {
  const free: number[] = []
  for (let port = from; port <= to && free.length < count; port++) {
    if (!taken.has(port)) free.push(port)
  }
  return free
}
