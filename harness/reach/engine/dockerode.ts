import type Docker from 'dockerode'

/** What dockerode hands to its modem. */
interface Dialled {
  readonly path: string
  readonly method: string
  readonly options?: Readonly<Record<string, unknown>>
}

/**
 * dockerode, for what it knows of the API, over a modem of ours: its own takes `DOCKER_*` variables over what it is
 * told, follows every redirect, and takes the process down when one leads nowhere.
 */
export async function createDocker(send: (method: string, path: string) => Promise<unknown>): Promise<Docker> {
  const modem = {
    dial({ path, method, options }: Dialled, done: (error: unknown, body?: unknown) => void): void {
      send(method, path.replace(/\?$/, '') + queryOf(options)).then((body) => done(null, body), done)
    },
  }
  // The types know nothing of `modem`; `protocol`, which they do know, is for a modem that is not made.
  const options = { modem, protocol: 'http' as const }
  const Dockerode = await loadDockerode()
  return new Dockerode(options)
}

function queryOf(options: Readonly<Record<string, unknown>> = {}): string {
  const parts = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return []
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return [`${name}=${encodeURIComponent(text)}`]
  })
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

/** It takes longer to load than a request takes to be answered: time that an ssh connection needs to come up anyway. */
export async function loadDockerode(): Promise<typeof Docker> {
  return (await import('dockerode')).default
}
