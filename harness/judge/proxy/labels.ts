import type { Service } from '../../model/facts/services.ts'

/** A load balancer over a service's tasks, as its labels declare it to the proxy. */
export interface Declared {
  /** Without the provider. */
  readonly name: string
  readonly service: Service
  /** It says in so many words that the proxy is to know it; else that is for the proxy's own settings to say. */
  readonly enabled: boolean
  /** The proxy is to send requests to the service's VIP. */
  readonly byVip: boolean
}

const port = /^traefik\.http\.services\.([^.]+)\.loadbalancer\.server\.port$/i
const vip = ['traefik.swarm.lbswarm', 'traefik.docker.lbswarm']

/** By the port, which no service of a Swarm can do without. */
export function declaredBy(services: readonly Service[]): readonly Declared[] {
  return services.flatMap((service) => {
    const labels = Object.entries(service.Spec.Labels ?? {})
    const isTrue = (name: string): boolean =>
      labels.some(([key, value]) => key.toLowerCase() === name && /^(1|t|true)$/i.test(value))
    const [enabled, byVip] = [isTrue('traefik.enable'), vip.some(isTrue)]
    return labels.flatMap(([key]) => {
      const name = port.exec(key)?.[1]
      return name === undefined ? [] : [{ name, service, enabled, byVip }]
    })
  })
}
