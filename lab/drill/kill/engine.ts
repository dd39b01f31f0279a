import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { leaderOf } from '../../host/leader.ts'
import type { LabMachine } from '../../host/machine.ts'
import { readRecord } from '../../host/record.ts'

/** The Engine API of a practice host, asked by other means than those of `pvcheck`. */
export interface LabEngine {
  /** The answer to `GET <path>`. Throws where there was none, or none of status 200. */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>
  /** What was created in the Swarm between two moments of the engine's clock: `service pvc-...`. */
  createdBetween(sinceMs: number, untilMs: number): Promise<string[]>
}

/** Through the host's own file system: no ssh and no command is in the way, so it is quick and cannot be struck. */
export async function openLabEngine(machine: LabMachine): Promise<LabEngine> {
  const leader = await leaderOf(await readRecord(machine.dir))
  const socketPath = `/proc/${leader}/root/run/docker.sock`
  return {
    get: async (path, schema) => schema.parse(JSON.parse(await ask(socketPath, path))),
    createdBetween: async (sinceMs, untilMs) => {
      const filters = encodeURIComponent(JSON.stringify({ event: ['create'], type: [...swarmKinds] }))
      const window = `since=${(sinceMs / 1000).toFixed(3)}&until=${(untilMs / 1000).toFixed(3)}`
      const lines = await ask(socketPath, `/events?${window}&filters=${filters}`)
      const events = lines
        .split('\n')
        .filter(Boolean)
        .map((line) => eventSchema.parse(JSON.parse(line)))
      return events.map(({ Type, Actor }) => `${Type} ${Actor.Attributes['name'] ?? Actor.ID}`)
    },
  }
}

const swarmKinds = ['service', 'network', 'config', 'secret'] as const
const eventSchema = z.object({
  Type: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
})

function ask(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, timeout: 5_000, agent: false }, (response) => {
      text(response).then((body) => {
        if (response.statusCode === 200) resolve(body)
        else reject(new Error(`GET ${path}: ${response.statusCode} ${body}`))
      }, reject)
    })
    asked.on('timeout', () => asked.destroy(new Error(`GET ${path}: no answer within 5 s`)))
    asked.on('error', reject)
    asked.end()
  })
}

const labels = z.record(z.string(), z.string()).nullish()
const spec = z.looseObject({ Name: z.string(), Labels: labels })
const swarmObject = z.object({ ID: z.string(), Version: z.object({ Index: z.number() }), Spec: spec })

export const swarmObjectsSchema = z.array(swarmObject)
export const networksSchema = z.array(
  z.looseObject({ Id: z.string(), Name: z.string(), Scope: z.string(), Labels: labels }),
)
export const containersSchema = z.array(z.object({ Id: z.string(), Names: z.array(z.string()), Labels: labels }))
export const volumesSchema = z.object({ Volumes: z.array(z.object({ Name: z.string(), Labels: labels })).nullish() })
export const tasksSchema = z.array(
  z.object({
    ID: z.string(),
    Spec: z.object({ ContainerSpec: z.object({ Labels: labels }).nullish() }),
    Status: z.object({ State: z.string() }),
  }),
)
export const servicesSchema = z.array(
  z.object({
    Spec: z.object({ Name: z.string() }),
    ServiceStatus: z.object({ RunningTasks: z.number(), DesiredTasks: z.number() }).nullish(),
  }),
)
