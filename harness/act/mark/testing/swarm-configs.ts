import { createServer, type IncomingMessage, type Server } from 'node:http'

/** The configs of a Swarm, as the Engine API of a manager shows and changes them. */
export interface SwarmConfigs {
  /** What the engine's clock shows. */
  nowMs: number
  /** How far the clock of the manager that leads is ahead of it. */
  leaderAheadMs: number
  /** One request, and its answer at once. */
  handle(method: string, path: string, body?: unknown): { readonly status: number; readonly body: unknown }
  /** The configs there are, by name. */
  names(): readonly string[]
}

interface Config {
  readonly ID: string
  Version: { Index: number }
  readonly CreatedAt: string
  Spec: Spec
}

interface Spec {
  readonly Name: string
  readonly Labels: Readonly<Record<string, string>>
  readonly Data: string
}

const labelsOnly = 'rpc error: code = InvalidArgument desc = only updates to Labels are allowed'

/** Names are unique, ids are not used again, and an update needs the version that is there. */
export function createSwarmConfigs(nowMs: number): SwarmConfigs {
  const configs = new Map<string, Config>()
  let index = 100
  const swarm: SwarmConfigs = {
    nowMs,
    leaderAheadMs: 0,
    names: () => [...configs.values()].map(({ Spec }) => Spec.Name),
    handle(method, path, body) {
      const url = new URL(path, 'http://engine')
      const [, verb, id = '', action] = url.pathname.replace(/^\/v[\d.]+/, '').split('/')
      if (verb === 'info') return { status: 200, body: { SystemTime: new Date(swarm.nowMs).toISOString() } }
      if (verb !== 'configs') return { status: 404, body: { message: 'page not found' } }
      if (method === 'GET') return { status: 200, body: list(url.searchParams.get('filters')) }
      // JSON of ours comes in; that it is a spec is what the tests are about.
      if (id === 'create') return create(body as Spec)
      const found = configs.get(id)
      if (found === undefined) return { status: 404, body: { message: `config ${id} not found` } }
      if (method === 'DELETE') {
        configs.delete(id)
        return { status: 204, body: '' }
      }
      if (action !== 'update') return { status: 404, body: { message: 'page not found' } }
      return update(found, Number(url.searchParams.get('version')), body as Spec)
    },
  }

  function list(filters: string | null): readonly Config[] {
    const names: string[] = JSON.parse(filters ?? '{}').name ?? ['']
    return structuredClone([...configs.values()].filter(({ Spec }) => names.some((name) => Spec.Name.startsWith(name))))
  }

  function create(spec: Spec) {
    if (swarm.names().includes(spec.Name)) {
      return {
        status: 409,
        body: { message: `rpc error: code = AlreadyExists desc = config ${spec.Name} already exists` },
      }
    }
    index += 1
    const CreatedAt = new Date(swarm.nowMs + swarm.leaderAheadMs).toISOString()
    configs.set(`id${index}`, { ID: `id${index}`, Version: { Index: index }, CreatedAt, Spec: spec })
    return { status: 201, body: { ID: `id${index}` } }
  }

  function update(config: Config, version: number, spec: Spec) {
    if (version !== config.Version.Index) {
      return { status: 500, body: { message: 'rpc error: code = Unknown desc = update out of sequence' } }
    }
    const { Name, Data } = config.Spec
    if (spec.Name !== Name || spec.Data !== Data) return { status: 400, body: { message: labelsOnly } }
    index += 1
    config.Version = { Index: index }
    config.Spec = spec
    return { status: 200, body: '' }
  }

  return swarm
}

/** The same over http, on a port of loopback. */
export async function listen(swarm: SwarmConfigs): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(async (request, response) => {
    const text = await textOf(request)
    const answer = swarm.handle(request.method ?? '', request.url ?? '', text === '' ? undefined : JSON.parse(text))
    response.writeHead(answer.status, { 'Content-Type': 'application/json' })
    response.end(answer.body === '' ? '' : JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { server, port: address.port }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
