import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { z } from 'zod'
import { leaderOf } from '../../host/leader.ts'
import type { LabMachine } from '../../host/machine.ts'
import { readRecord } from '../../host/record.ts'

/** The Engine API of a practice host, asked by other means than those of `pvcheck`. */
export interface LabEngine {
  /** The answer to `GET <path>`. Throws where there was none, or none of status 200. */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>
}

/** Through the host's own file system: no ssh and no command is in the way, so it is quick and cannot be struck. */
export async function openLabEngine(machine: LabMachine): Promise<LabEngine> {
  const leader = await leaderOf(await readRecord(machine.dir))
  const socketPath = `/proc/${leader}/root/run/docker.sock`
  return { get: async (path, schema) => schema.parse(await ask(socketPath, path)) }
}

function ask(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, timeout: 5_000, agent: false }, (response) => {
      json(response).then((body) => {
        if (response.statusCode === 200) resolve(body)
        else reject(new Error(`GET ${path}: ${response.statusCode} ${JSON.stringify(body)}`))
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
  z.looseObject({ Id: z.string(), Name: z.string(), Driver: z.string(), Labels: labels }),
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
