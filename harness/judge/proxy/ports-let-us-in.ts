import { defineCheck, type Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { servicesAfterRoutes, tasksAfterRoutes } from '../../model/facts/routing/backends.ts'
import { type PublishedPorts, publishedPorts } from '../../model/facts/routing/published-ports.ts'
import type { Service } from '../../model/facts/services.ts'
import type { ExchangeError, Knock } from '../../model/http.ts'
import { isRunning, noSuchService, remedyForName } from '../service/control-plane.ts'
import { isOwnTrouble, layerOf, ownTrouble } from './layer.ts'
import { tasksInWords } from './tasks-in-words.ts'

type Port = PublishedPorts['ports'][number]
type Verdict = Pick<Judgement, 'verdict' | 'code' | 'reason' | 'remedy'>

export const portsLetUsIn = defineCheck({
  id: 'PV-ROUTE-007',
  title: 'Published ports let us in',
  needs: { published: publishedPorts, services: servicesAfterRoutes, tasks: tasksAfterRoutes },
  notApplicable: nowhereToKnock,
  judge: ({ published: { ports, ipvs }, services, tasks }, { proxy, controlPlane }) => {
    const judged = [
      ...absentProxy(proxy?.service, services, controlPlane),
      ...ports.map((port) => {
        const judgement = judgePort(port, ipvs, tasksInWords(port.service, services, tasks))
        const id = services.find(({ Spec }) => Spec.Name === port.service)?.ID
        const isServed = tasks.some((task) => task.ServiceID === id && isRunning(task))
        return judgement.verdict !== 'pass' || isServed ? judgement : { ...judgement, ...nobodyBehind }
      }),
    ]
    return judged.length === 0 ? [nothingPublished] : judged
  },
})

/** Of the control plane's services PV-SVC-002 says whether they are there. */
function absentProxy(
  name: string | undefined,
  services: readonly Service[],
  controlPlane: Expectations['controlPlane'],
): readonly Judgement[] {
  const isKnown = name === undefined || services.some(({ Spec }) => Spec.Name === name)
  if (isKnown || controlPlane.some(({ service }) => service === name)) return []
  return [noSuchService(name, 'open', 'there are no ports to knock at', remedyForName('expect.proxy.service'))]
}

const nobodyBehind = {
  verdict: 'unknown',
  code: 'NO_TASK_BEHIND',
  reason: 'the port opens, and yet no task of its service was seen running: somebody else may listen there',
  remedy: 'See PV-SVC-002, and who listens on that port of the host.',
} as const

function nowhereToKnock({ proxy, controlPlane, publishedAt, routes }: Expectations): string | undefined {
  if (proxy?.service === undefined && controlPlane.length === 0) {
    return 'no service is named in `expect.proxy.service` or `expect.controlPlane`'
  }
  if (publishedAt === undefined && routes.length === 0) {
    return 'there is no address to knock at: neither `expect.publishedAt` nor a route'
  }
  return undefined
}

const nothingPublished: Judgement = {
  subject: 'published ports',
  expected: 'open',
  actual: 'none',
  verdict: 'n/a',
  reason: 'neither the proxy nor a service of the control plane publishes a port',
}

function judgePort(port: Port, ipvs: PublishedPorts['ipvs'], tasks: string): Judgement {
  const { service, published, protocol, mode, knock } = port
  const said = { subject: `${service} ${published}/${protocol}`, expected: `open, in ${mode} mode` }
  if (protocol !== 'tcp') {
    const reason = `nothing can be heard from a knock at ${protocol}`
    return { ...said, actual: 'not knocked at', verdict: 'n/a', reason }
  }
  if (knock === undefined) {
    return {
      ...said,
      actual: 'not knocked at',
      verdict: 'unknown',
      reason: published === 0 ? 'the Swarm has not given it a port yet' : 'without a knock nothing is known of it',
      remedy: 'Publish a port of a number of your own, and see PV-SVC-002.',
    }
  }
  const actual = `${answerOf(knock)}; ${tasks}`
  return { ...said, actual, ...(mode === 'ingress' ? judgeMesh(knock, ipvs) : judgeKnock(knock)) }
}

/**
 * dockerd listens on a port of the mesh by itself, so that a connection may come about without IPVS behind it; and
 * without IPVS one that does not says nothing of the service.
 */
function judgeMesh(knock: Knock, { state, how }: PublishedPorts['ipvs']): Verdict {
  if (state === 'present') return judgeKnock(knock)
  const absent = state === 'absent'
  return {
    verdict: 'unknown',
    code: absent ? 'NO_IPVS' : 'IPVS_UNKNOWN',
    reason: absent
      ? `without IPVS in the kernel of the host the routing mesh cannot answer (${how})`
      : `whether the kernel of the host has IPVS, without which the routing mesh cannot answer, is not known (${how})`,
    remedy: absent
      ? 'Publish the port in host mode, or give the host a kernel with IPVS (`modprobe ip_vs`).'
      : 'Let pvcheck run commands on the host, or publish the port in host mode.',
  }
}

function judgeKnock({ error }: Knock): Verdict {
  if (error === undefined) return { verdict: 'pass' }
  if (isOwnTrouble(error)) return { verdict: 'unknown', code: error.code, ...ownTrouble }
  return {
    verdict: 'fail',
    code: error.code,
    reason: whyShut(error),
    remedy:
      'See whether a task of the service runs on the node that was knocked at (in host mode only such a node listens), then the firewall, then `expect.publishedAt`.',
  }
}

function whyShut({ code }: ExchangeError): string {
  if (code.endsWith('_REFUSED')) return 'nobody listens there'
  if (code.endsWith('_TIMEOUT')) return 'no answer at all: a firewall drops what is sent, or the host is not there'
  if (code === 'DNS_NOT_FOUND') return 'the name that was to be knocked at does not exist'
  return 'no way leads there'
}

function answerOf({ error, peer, host, port, durationMs }: Knock): string {
  // The port that is connected to is another one where a SOCKS proxy stands between.
  const isProxied = peer !== undefined && !peer.endsWith(`:${port}`)
  const at = isProxied ? `${host}:${port}, by way of the SOCKS proxy ${peer},` : (peer ?? `${host}:${port}`)
  return error === undefined ? `${at} open after ${Math.round(durationMs)} ms` : `${layerOf(error)}: ${error.message}`
}
