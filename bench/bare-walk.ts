/** The same requests as a lap of ours makes, and nothing else: no marks, no intents, no lock, no watch. */
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { holdNext } from '../harness/judge/address/hold-next.ts'
import { censusSchema } from '../harness/model/census.ts'

const settings = censusSchema.parse({})
const created = z.object({ ID: z.string() })
const services = z.array(
  z.object({
    ID: z.string(),
    Endpoint: z.object({ VirtualIPs: z.array(z.object({ Addr: z.string() })).nullish() }).nullish(),
  }),
)
const tasks = z.array(
  z.object({
    ID: z.string(),
    NetworksAttachments: z.array(z.object({ Addresses: z.array(z.string()).nullish() })).nullish(),
  }),
)

/** Walks a fresh network until all of its addresses were offered; returns how long that took. */
export async function bareWalk(socketPath: string, networkId: string, capacity: number): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const ask = (method: string, path: string, body?: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const headers =
        text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }
      request({ socketPath, agent, method, path: `/v1.41${path}`, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk) => chunks.push(chunk))
        answer.on('end', () => {
          const said = Buffer.concat(chunks).toString('utf8')
          if ((answer.statusCode ?? 500) > 299) reject(new Error(`${method} ${path}: ${said}`))
          else resolve(said === '' ? undefined : JSON.parse(said))
        })
      })
        .on('error', reject)
        .end(text)
    })
  const list = (of: 'services' | 'tasks', filters: object): Promise<unknown> =>
    ask('GET', `/${of}?filters=${encodeURIComponent(JSON.stringify(filters))}`)
  let number = 0
  const create = async (Replicas: number, Mode: 'vip' | 'dnsrr'): Promise<string> => {
    number += 1
    const TaskTemplate = {
      ContainerSpec: { Image: 'pvcheck.invalid/canary:0', Labels: { bare: 'walk' } },
      Placement: { Constraints: ['node.id==pvcheck-never'] },
      LogDriver: { Name: 'none' },
      Networks: [{ Target: networkId }],
    }
    const spec = {
      Name: `bare-walk-${number}`,
      TaskTemplate,
      Mode: { Replicated: { Replicas } },
      EndpointSpec: { Mode },
    }
    return created.parse(await ask('POST', '/services/create', spec)).ID
  }
  const remove = (id: string): Promise<unknown> => ask('DELETE', `/services/${id}`)

  const byServices = async (count: number): Promise<readonly string[]> => {
    const ids = await Promise.all(Array.from({ length: count }, () => create(0, 'vip')))
    for (let pauseMs = 2; ; pauseMs *= 2) {
      const listed = services.parse(await list('services', { name: ['bare-walk-'] }))
      const given = listed.filter(({ ID }) => ids.includes(ID)).flatMap(({ Endpoint }) => Endpoint?.VirtualIPs ?? [])
      if (given.length === count) {
        await Promise.all(ids.map(remove))
        return given.map(({ Addr }) => Addr)
      }
      await delay(pauseMs)
    }
  }

  const byTasks = async (count: number): Promise<readonly string[]> => {
    const id = await create(count, 'dnsrr')
    let listed: z.infer<typeof tasks> = []
    await delay(count / 6)
    for (let pauseMs = Math.max(2, count / 24); ; pauseMs = Math.min(2 * pauseMs, 100)) {
      listed = tasks.parse(await list('tasks', { service: [id] }))
      const given = listed.flatMap(({ NetworksAttachments }) => NetworksAttachments?.[0]?.Addresses?.[0] ?? [])
      if (given.length < count) {
        await delay(pauseMs)
        continue
      }
      await list('services', { name: ['bare-walk-'] })
      await remove(id)
      const some = [listed.at(0), listed.at(-1)].flatMap((task) => task?.ID ?? [])
      while (tasks.parse(await list('tasks', { id: some })).length > 0) await delay(25)
      while (tasks.parse(await list('tasks', { label: ['bare=walk'] })).length > 0) await delay(25)
      return given
    }
  }

  const offered = new Set<string>()
  const started = performance.now()
  try {
    while (offered.size < capacity) {
      const room = { ingress: false, free: capacity, isExact: false, proven: offered.size, ports: 0 }
      const { kind, count } = holdNext(room, settings)
      for (const address of kind === 'tasks' ? await byTasks(count) : await byServices(count)) offered.add(address)
    }
    return performance.now() - started
  } finally {
    agent.destroy()
  }
}
