import { z } from 'zod'
import type { Fact } from '../fact.ts'

const node = z.object({
  ID: z.string(),
  /** When anything of it changed: it went down no later than this. */
  UpdatedAt: z.string().optional(),
  Spec: z.object({ Role: z.string(), Availability: z.string() }),
  Description: z.object({ Hostname: z.string().default('') }).default({ Hostname: '' }),
  Status: z.object({ State: z.string(), Message: z.string().default(''), Addr: z.string().default('') }),
  ManagerStatus: z
    .object({ Leader: z.boolean().default(false), Reachability: z.string(), Addr: z.string().default('') })
    .nullish(),
})
const schema = z.array(node)
export type SwarmNode = z.infer<typeof node>

export const nodes: Fact<readonly SwarmNode[]> = { name: 'nodes', what: 'the nodes of the Swarm', schema }
