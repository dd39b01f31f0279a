import { request } from 'node:https'
import type { LabRoute } from './routes.ts'

export interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

export interface ProbeOptions {
  /** Where the host's port 443 is; the name goes into SNI and the Host header only. */
  readonly address: string
  /** PEM of the lab's own root certificate. */
  readonly ca: string
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One request over TLS, the certificate verified against the lab's CA alone. */
export function probe(host: string, path: string, options: ProbeOptions): Promise<Answer> {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? 2000)
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: options.address,
        servername: host,
        path,
        method: options.method ?? 'GET',
        headers: { ...options.headers, Host: host },
        ca: options.ca,
        agent: false,
        signal: options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]),
      },
      (answer) => {
        let body = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          body += chunk
        })
        answer.on('error', reject)
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

/** What is wrong with an answer; undefined where it is the route's own. */
export function faultOf(route: LabRoute, answer: Answer): string | undefined {
  const name = `https://${route.host}${route.path}`
  if (answer.status !== route.status) return `${name}: ${answer.status} instead of ${route.status}`
  if (route.contains !== undefined && !answer.body.includes(route.contains))
    return `${name}: no "${route.contains}" in it`
  const location = answer.headers['location']
  if (route.location !== undefined && location !== route.location) return `${name}: leads to ${location}`
  return undefined
}
