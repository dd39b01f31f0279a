import { z } from 'zod'
import type { Fact } from '../fact.ts'

const attachment = z.object({
  Network: z.object({
    ID: z.string(),
    Spec: z.object({ Name: z.string().default('') }).nullish(),
  }),
  Addresses: z.array(z.string()).nullish(),
})

const task = z.object({
  ID: z.string(),
  CreatedAt: z.string(),
  /** When anything of it changed, its desired state included. */
  UpdatedAt: z.string().optional(),
  /** Absent for the attachment of a container that no service started. */
  ServiceID: z.string().default(''),
  NodeID: z.string().default(''),
  Spec: z
    .object({ ContainerSpec: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish() })
    .nullish(),
  Slot: z.number().optional(),
  DesiredState: z.string(),
  Status: z.object({
    Timestamp: z.string(),
    State: z.string(),
    Message: z.string().default(''),
    Err: z.string().default(''),
    ContainerStatus: z.object({ ExitCode: z.number().optional() }).nullish(),
  }),
  NetworksAttachments: z.array(attachment).nullish(),
  JobIteration: z.object({ Index: z.number().default(0) }).nullish(),
})
const schema = z.array(task)
export type Task = z.infer<typeof task>

export const tasks: Fact<readonly Task[]> = { name: 'tasks', what: 'the tasks of all services', schema }

/** Containers that joined an attachable network by themselves; a plain list of tasks hides them. */
export const attachedContainers: Fact<readonly Task[]> = {
  name: 'attached-containers',
  what: 'the containers that joined an overlay without a service',
  schema,
}
