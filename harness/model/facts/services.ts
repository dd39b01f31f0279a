import { z } from 'zod'
import type { Fact } from '../fact.ts'

const attachments = z.array(z.object({ Target: z.string() })).nullish()
const port = z.object({
  PublishMode: z.string().default('ingress'),
  Protocol: z.string().default('tcp'),
  TargetPort: z.number().default(0),
  /** 0, or absent, where a host-mode port is whatever the node had free. */
  PublishedPort: z.number().default(0),
})

const service = z.object({
  ID: z.string(),
  CreatedAt: z.string(),
  UpdatedAt: z.string(),
  Spec: z.object({
    Name: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    TaskTemplate: z.object({
      Networks: attachments,
      /** Absent where the engine's own holds. */
      LogDriver: z.object({ Name: z.string().default('') }).nullish(),
      /** Absent where a plugin runs in place of a container. */
      ContainerSpec: z
        .object({
          Labels: z.record(z.string(), z.string()).nullish(),
          /** How long a container may take to end, in nanoseconds. */
          StopGracePeriod: z.number().nullish(),
          Configs: z.array(z.object({ ConfigID: z.string() })).nullish(),
          Secrets: z.array(z.object({ SecretID: z.string() })).nullish(),
        })
        .nullish(),
    }),
    /** Where services from before API 1.25 keep their networks. */
    Networks: attachments,
    Mode: z.object({
      Replicated: z.object({ Replicas: z.number().default(1) }).optional(),
      Global: z.object({}).optional(),
      ReplicatedJob: z
        .object({ TotalCompletions: z.number().nullish(), MaxConcurrent: z.number().nullish() })
        .optional(),
      GlobalJob: z.object({}).optional(),
    }),
    EndpointSpec: z.object({ Mode: z.string().default('vip'), Ports: z.array(port).nullish() }).nullish(),
  }),
  Endpoint: z
    .object({
      VirtualIPs: z.array(z.object({ NetworkID: z.string(), Addr: z.string().default('') })).nullish(),
      /** As the Swarm allotted them; what the spec leaves open is filled in here. */
      Ports: z.array(port).nullish(),
    })
    .nullish(),
  UpdateStatus: z.object({ State: z.string().default(''), Message: z.string().default('') }).nullish(),
  JobStatus: z.object({ JobIteration: z.object({ Index: z.number().default(0) }).nullish() }).nullish(),
})
const schema = z.array(service)
export type Service = z.infer<typeof service>

export const services: Fact<readonly Service[]> = { name: 'services', what: 'the services of the Swarm', schema }
