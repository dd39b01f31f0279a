import { messageOf } from '../../../harness/core/errors.ts'
import { pollUntil } from '../../../harness/core/poll.ts'
import { type LabMachine, runOn } from '../../host/machine.ts'
import { type Answer, type ProbeOptions, probe } from '../deploy/probe.ts'

export interface WebService {
  readonly name: string
  readonly networks: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly port?: number
  /** `vip` unless said. */
  readonly endpointMode?: 'vip' | 'dnsrr'
}

/** The host name that routes to a service of this file's. */
export function hostOf(name: string): string {
  return `${name}.ci.lab.test`
}

/** A throwaway web server with a recipe's labels; returns when its task runs. */
export async function createWebService(machine: LabMachine, service: WebService): Promise<void> {
  const { name } = service
  const labels = {
    'traefik.enable': 'true',
    [`traefik.http.services.${name}.loadbalancer.server.port`]: String(service.port ?? 80),
    [`traefik.http.routers.${name}.rule`]: `Host(\`${hostOf(name)}\`)`,
    [`traefik.http.routers.${name}.entrypoints`]: 'web-secure',
    [`traefik.http.routers.${name}.tls`]: 'true',
    ...service.labels,
  }
  const words = [
    'docker service create --detach --no-resolve-image',
    `--name ${name} --endpoint-mode ${service.endpointMode ?? 'vip'}`,
    ...service.networks.map((network) => `--network ${network}`),
    ...Object.entries(labels).map(([key, value]) => `--label '${key}=${value}'`),
    'pvcheck-lab/httpd:1',
  ]
  await runOn(machine, words.join(' '))
  await pollUntil(
    async () => {
      const state = await runOn(machine, `docker service ps --format '{{.CurrentState}} {{.Error}}' ${name}`)
      return state.startsWith('Running') ? { done: true, value: undefined } : { done: false, state }
    },
    { what: `a running task of ${name}`, timeoutMs: 30_000 },
  )
}

/** Asks until the answer is as wanted: the router polls, so a change takes a moment to show. */
export async function askUntil(
  url: { readonly host: string; readonly path?: string },
  wanted: (answer: Answer) => boolean,
  options: ProbeOptions,
): Promise<Answer> {
  const { host, path = '/' } = url
  return await pollUntil(
    async (signal) => {
      try {
        const answer = await probe(host, path, { timeoutMs: 10_000, ...options, signal })
        return wanted(answer)
          ? { done: true, value: answer }
          : { done: false, state: `${answer.status} ${answer.body.slice(0, 200)}` }
      } catch (error) {
        return { done: false, state: messageOf(error) }
      }
    },
    { what: `the wanted answer of https://${host}${path}`, timeoutMs: 30_000 },
  )
}
