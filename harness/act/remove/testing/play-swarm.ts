import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLive } from '../../../judge/address/task-state.ts'
import { now, type RawSwarm } from '../../../judge/removal/testing/swarm.ts'
import { isOn } from '../../../judge/removal/users.ts'
import { services } from '../../../model/facts/services.ts'
import { tasks } from '../../../model/facts/tasks.ts'
import { attach } from '../../../reach/attach.ts'
import { attachWriter } from '../../../reach/attach-writer.ts'
import type { EngineReader } from '../../../reach/engine/reader.ts'
import type { EngineWriter } from '../../../reach/engine/writer.ts'

/** What answers in place of the Swarm, once: a status and a message, `cut` for a connection that breaks off. */
type Fault = number | 'cut' | 'garbage' | 'done but cut'

export interface Script {
  /** For how many lists of all tasks a task goes on after its service was removed; 2 by default. */
  readonly lives?: Readonly<Record<string, number>>
  /** After how many lists of containers one is gone by itself; else it stays. */
  readonly goes?: Readonly<Record<string, number>>
  /** By request (`GET /tasks`, `DELETE /networks/x`), what comes in place of the first answers. */
  readonly faults?: Readonly<Record<string, readonly Fault[]>>
  /** The names of containers that are still on a network when it is inspected, one look after the other. */
  readonly endpoints?: Readonly<Record<string, readonly (readonly string[])[]>>
  /** Called after each request was answered. */
  readonly after?: (request: string) => void
}

export interface PlayedSwarm extends AsyncDisposable {
  readonly reader: EngineReader
  readonly writer: EngineWriter
  /** Each change that was asked for, in order. */
  readonly changes: readonly string[]
  /** Each network that was let go of while a task on it was live: what leaks on a real engine. */
  readonly leaks: readonly string[]
  /** The ids of what is there. */
  left(): readonly string[]
}

type Kind = 'services' | 'networks' | 'configs' | 'secrets' | 'containers'
interface Thing {
  readonly [key: string]: unknown
}

/**
 * A Swarm on a real socket, with a real engine's manners: it lets go of a network while tasks on it are stopping, it
 * refuses one that a service uses, and answers 404 to whoever asks for the tasks of a removed service.
 */
export async function playSwarm(raw: RawSwarm, script: Script = {}): Promise<PlayedSwarm> {
  const dir = await mkdtemp(join(tmpdir(), 'pvc-play-'))
  const socketPath = join(dir, 'docker.sock')
  const state = { ...{ services: [], networks: [], configs: [], secrets: [], nodes: [], attached: [] }, ...raw }
  const lists = new Map<string, readonly object[]>(Object.entries(state))
  const lives = new Map<string, number>()
  const looks = new Map<string, number>()
  const faults = new Map(Object.entries(script.faults ?? {}).map(([request, given]) => [request, [...given]]))
  const changes: string[] = []
  const leaks: string[] = []
  const of = (kind: string): readonly object[] => lists.get(kind) ?? []
  const idOf = (thing: object): string => {
    const { ID, Id }: Thing = { ...thing }
    return String(ID ?? Id)
  }

  /** Tasks of removed services live on for as many lists as the script says, and are then forgotten. */
  function listTasks(): readonly object[] {
    const known = new Set(of('services').map(idOf))
    const left = of('tasks').filter((thing) => {
      const [task] = tasks.schema.parse([thing])
      if (task === undefined || known.has(task.ServiceID)) return true
      const rest = lives.get(task.ID) ?? script.lives?.[task.ID] ?? 2
      lives.set(task.ID, rest - 1)
      return rest > 0
    })
    lists.set('tasks', left)
    return left
  }

  /** One whose task the Swarm forgets is gone after as many lists as the script says. */
  function listContainers(wanted: readonly string[]): readonly object[] {
    const there = of('containers').filter(
      (thing) => (looks.get(idOf(thing)) ?? 0) < (script.goes?.[idOf(thing)] ?? 1e9),
    )
    lists.set('containers', there)
    for (const id of there.map(idOf)) looks.set(id, (looks.get(id) ?? 0) + 1)
    return there.filter((thing) => {
      const { Labels }: Thing = { ...thing }
      const given = Object.entries(Object(Labels)).map(([name, value]) => `${name}=${value}`)
      return wanted.every((one) => given.includes(one))
    })
  }

  function get(path: string, query: URLSearchParams): readonly [number, unknown] {
    if (path === '/info') return [200, { ...info, SystemTime: now }]
    if (path === '/tasks') {
      const filters: Thing = JSON.parse(query.get('filters') ?? '{}')
      if (filters['service'] !== undefined) return [404, { message: 'service not found' }]
      return [200, filters['runtime'] === undefined ? listTasks() : of('attached')]
    }
    if (path === '/containers/json') return [200, listContainers(labelsIn(query))]
    const [, kind = '', id] = path.split('/')
    if (id === undefined) return [200, of(kind)]
    const found = of(kind).find((thing) => idOf(thing) === id)
    if (found === undefined) return [404, { message: `network ${id} not found` }]
    if (kind === 'containers') return [200, { Id: id, Config: found }]
    const look = looks.get(id) ?? 0
    looks.set(id, look + 1)
    const names = script.endpoints?.[id]?.[look] ?? []
    return [200, { ...found, Containers: Object.fromEntries([`lb-${id}`, ...names].map((Name) => [Name, { Name }])) }]
  }

  function remove(kind: Kind, id: string): readonly [number, unknown] {
    const things = of(kind)
    if (!things.some((thing) => idOf(thing) === id)) return [404, { message: `${kind} ${id} not found` }]
    if (kind === 'networks') {
      const used = services.schema.parse(of('services')).find(({ Spec }) => JSON.stringify(Spec).includes(`"${id}"`))
      if (used !== undefined) return [400, { message: `network ${id} is in use by service ${used.ID}` }]
      const live = tasks.schema.parse(of('tasks')).filter((task) => isLive(task) && isOn(id, task))
      if (live.length > 0) leaks.push(id)
    }
    lists.set(
      kind,
      things.filter((thing) => idOf(thing) !== id),
    )
    return [204, undefined]
  }

  function answer(method: string, url: URL): readonly [number, unknown] {
    const path = url.pathname.replace(/^\/v[\d.]+/, '')
    if (method === 'GET') return get(path, url.searchParams)
    const [, kind, id = ''] = path.split('/')
    changes.push(`${method} ${path}`)
    if (kind === 'services' || kind === 'networks' || kind === 'configs' || kind === 'secrets') return remove(kind, id)
    if (kind === 'containers') return remove(kind, id)
    return [500, { message: 'not played' }]
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://swarm')
    const what = `${request.method} ${url.pathname.replace(/^\/v[\d.]+/, '')}`
    const fault = faults.get(what)?.shift()
    if (fault === 'cut') return void response.destroy()
    const [status, body] =
      typeof fault === 'number' ? [fault, { message: `played ${fault}` }] : answer(request.method ?? '', url)
    if (fault === 'done but cut') return void response.destroy()
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(fault === 'garbage' ? '{"rows":' : body === undefined ? '' : JSON.stringify(body))
    script.after?.(what)
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))

  const handle = {
    address: {
      engine: { kind: 'unix' as const, socketPath },
      host: { kind: 'none' as const, reason: 'it is played' },
      timeoutMs: 2_000,
    },
    fingerprint: { cluster: 'played', node: 'one', engine: 'played' },
    apiVersion: '1.41',
  }
  return {
    reader: attach(handle).engine,
    writer: attachWriter(handle),
    changes,
    leaks,
    left: () => ['services', 'networks', 'configs', 'secrets', 'containers'].flatMap((kind) => of(kind).map(idOf)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await rm(dir, { recursive: true })
    },
  }
}

function labelsIn(query: URLSearchParams): readonly string[] {
  const { label }: Thing = JSON.parse(query.get('filters') ?? '{}')
  return Array.isArray(label) ? label : []
}

const info = { Name: 'one', Swarm: { NodeID: 'one', LocalNodeState: 'active', ControlAvailable: true } }
