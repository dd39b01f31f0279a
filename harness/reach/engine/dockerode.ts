import type Docker from 'dockerode'

/** What dockerode hands to its modem. */
interface Dialled {
  readonly path: string
  readonly method: string
  readonly options?: Options
}

type Options = Readonly<Record<string, unknown>>

/** A request as dockerode would have it made; the path is without the API version, `body` is JSON. */
export interface DockerRequest {
  readonly method: string
  readonly path: string
  readonly body?: string
}

/**
 * dockerode, for what it knows of the API, over a modem of ours: its own takes `DOCKER_*` variables over what it is
 * told, follows every redirect, and takes the process down when one leads nowhere. A POST whose options are
 * `{ _query, _body }` has both, any other has its options as its body.
 */
export async function createDocker(send: (request: DockerRequest) => Promise<unknown>): Promise<Docker> {
  const modem = {
    dial({ path, method, options }: Dialled, done: (error: unknown, body?: unknown) => void): void {
      // Nobody reads the answer here; but dockerode looks for the id of what it has created in it.
      send(requestOf(method, path.replace(/\?$/, ''), options)).then(() => done(null, {}), done)
    },
  }
  // The types know nothing of `modem`; `protocol`, which they do know, is for a modem that is not made.
  const options = { modem, protocol: 'http' as const }
  const Dockerode = await loadDockerode()
  return new Dockerode(options)
}

function requestOf(method: string, path: string, options: Options = {}): DockerRequest {
  if (method !== 'POST') return { method, path: path + queryOf(options) }
  const { _query: query = {}, _body: body = options } = options
  return { method, path: path + queryOf(Object(query)), body: JSON.stringify(body) }
}

function queryOf(options: Options): string {
  const parts = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return []
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return [`${name}=${encodeURIComponent(text)}`]
  })
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

/** It takes longer to load than a request takes to be answered: time that an ssh connection needs to come up anyway. */
export function loadDockerode(): Promise<typeof Docker> {
  loading ??= import('dockerode').then((module) => module.default)
  return loading
}

/** Thousands of small requests are not to look for it in the file system each. */
let loading: Promise<typeof Docker> | undefined
