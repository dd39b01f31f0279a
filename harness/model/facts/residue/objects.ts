import { z } from 'zod'
import { tasks } from '../tasks.ts'
import { hostTracesSchema } from './host-traces.ts'
import { networkSchema, storedSchema } from './swarm-object.ts'

const labels = z.record(z.string(), z.string()).nullish()

const container = z.object({
  Id: z.string(),
  Names: z.array(z.string()).nullish(),
  State: z.string().default(''),
  Labels: labels,
  Mounts: z.array(z.object({ Type: z.string().default(''), Name: z.string().default('') })).nullish(),
  NetworkSettings: z
    .object({ Networks: z.record(z.string(), z.object({ NetworkID: z.string().default('') }).nullish()).nullish() })
    .nullish(),
})
export type ResidueContainer = z.infer<typeof container>

const volume = z.object({ Name: z.string(), CreatedAt: z.string().default(''), Labels: labels })
export type ResidueVolume = z.infer<typeof volume>

const engine = z.object({
  Name: z.string(),
  SystemTime: z.string(),
  Swarm: z.object({ NodeID: z.string(), Nodes: z.number().optional() }),
})

/** What of each kind the engine listed, by the path that was asked. */
export const listNames = ['services', 'tasks', 'networks', 'configs', 'secrets', 'containers', 'volumes'] as const
export type ListName = (typeof listNames)[number]

/** An empty list may come as `null`. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? [])

const decoded = z.object({
  services: listOf(storedSchema('service')),
  tasks: tasks.schema,
  networks: listOf(networkSchema),
  configs: listOf(storedSchema('config')),
  secrets: listOf(storedSchema('secret')),
  containers: listOf(container),
  volumes: z.object({ Volumes: listOf(volume) }).transform(({ Volumes }) => Volumes),
})

/** Not by the kind as a key: what lies below `secrets` is hidden when evidence is saved, ids included. */
const lists = z
  .array(z.object({ of: z.enum(listNames), answer: z.unknown() }))
  .transform((answers) => Object.fromEntries(answers.map(({ of, answer }) => [of, answer])))
  .pipe(decoded)

export const objectsSchema = z
  .object({
    engine,
    lists,
    host: hostTracesSchema,
    /** Whether two looks in a row found the same objects: what is listed then was there at one moment. */
    settled: z.boolean(),
  })
  .transform(({ engine, lists, host, settled }) => {
    const { services, networks, configs, secrets, ...rest } = lists
    return { engine, ...rest, objects: [...services, ...networks, ...configs, ...secrets], host, settled }
  })

/** All that a run could leave behind or change, at one moment. */
export type Objects = z.infer<typeof objectsSchema>
