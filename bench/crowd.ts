import { Agent, request } from 'node:http'

const atOnce = 16
export const crowdSize = { services: 5_000, tasks: 500 } as const

/** A Swarm of thousands: services without replicas on two wide networks, and one service whose tasks no node may run. */
export async function makeCrowd(socketPath: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const create = (kind: string, body: object) => post({ socketPath, agent, path: `/${kind}/create` }, body)
  const networks: string[] = []
  for (const [index, Subnet] of ['10.201.0.0/16', '10.202.0.0/16'].entries()) {
    const spec = { Name: `crowd-${index}`, Driver: 'overlay', Attachable: true, IPAM: { Config: [{ Subnet }] } }
    networks.push(await create('networks', spec))
  }
  const template = (ids: readonly string[]) => ({
    ContainerSpec: { Image: 'pvcheck-lab/busybox:1' },
    Networks: ids.map((Target) => ({ Target })),
  })
  const left = Array.from({ length: crowdSize.services }, (_, index) => `crowd-${index}`)
  const work = async (): Promise<void> => {
    for (let Name = left.pop(); Name !== undefined; Name = left.pop()) {
      await create('services', { Name, TaskTemplate: template(networks), Mode: { Replicated: { Replicas: 0 } } })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  await create('services', {
    Name: 'crowd-tasks',
    TaskTemplate: { ...template(networks.slice(0, 1)), Placement: { Constraints: ['node.labels.none==here'] } },
    Mode: { Replicated: { Replicas: crowdSize.tasks } },
    EndpointSpec: { Mode: 'dnsrr' },
  })
  agent.destroy()
}

function post(at: { socketPath: string; agent: Agent; path: string }, body: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const asked = request({ ...at, method: 'POST', headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { Id, ID, message }: Record<string, string | undefined> = JSON.parse(text)
        const id = Id ?? ID
        if (id === undefined) reject(new Error(`${at.path}: ${response.statusCode} ${message}`))
        else resolve(id)
      })
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(body))
  })
}
