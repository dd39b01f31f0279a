import { type PublishedPorts, publishedPorts } from '../../model/facts/routing/published-ports.ts'
import { type Service, services } from '../../model/facts/services.ts'
import type { Asker, Question } from '../question.ts'
import { configured } from './configured.ts'
import { askKernelForIpvs } from './kernel-ipvs.ts'
import { together } from './together.ts'

type Port = PublishedPorts['ports'][number]

export const publishedPortsQuestion: Question = {
  fact: publishedPorts,
  ask: async (asker) => {
    const { controlPlane, proxy } = asker.wanted
    const wanted = new Set([...controlPlane.map(({ service }) => service), proxy?.service])
    const named = (await asker.read(services)).filter(({ Spec }) => wanted.has(Spec.Name))
    const ports = await together(named.flatMap(portsOf).map((port) => knockAt(asker, port)))
    return { ipvs: await askKernelForIpvs(asker), ports } satisfies PublishedPorts
  },
}

function portsOf({ Spec, Endpoint }: Service): readonly Port[] {
  return (Endpoint?.Ports ?? Spec.EndpointSpec?.Ports ?? []).map((port) => ({
    service: Spec.Name,
    published: port.PublishedPort,
    target: port.TargetPort,
    mode: port.PublishMode === 'host' ? 'host' : 'ingress',
    protocol: port.Protocol,
  }))
}

/** Only where something can be heard of it, and where the Swarm says which port it is. */
async function knockAt(asker: Asker, port: Port): Promise<Port> {
  if (port.protocol !== 'tcp' || port.published === 0) return port
  return { ...port, knock: await asker.knock({ host: hostOf(asker), port: port.published }) }
}

function hostOf({ wanted }: Asker): string {
  const [first] = wanted.routes
  const ofRoute = first === undefined ? undefined : new URL(first.url).hostname.replace(/^\[(.*)\]$/, '$1')
  return configured(wanted.publishedAt ?? ofRoute, 'publishedAt')
}
