import { z } from 'zod'
import { digestOf } from '../../../core/digest.ts'

export const objectKinds = ['service', 'network', 'config', 'secret'] as const
export type ObjectKind = (typeof objectKinds)[number]

/** What a check of residue looks at in an object of the Swarm, whatever its kind. */
export interface SwarmObject {
  readonly kind: ObjectKind
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** It moves with every change, the engine's own included. Networks have none that the API tells. */
  readonly version?: number | undefined
  /** Of all that somebody wanted it to be. What is hidden in evidence counts as the same. */
  readonly digest: string
  readonly createdAt: string
  readonly updatedAt?: string | undefined
  /** The ids of networks, configs and secrets that it is made to use. */
  readonly uses: readonly string[]
}

const labels = z.record(z.string(), z.string()).nullish()
const targets = z.array(z.looseObject({ Target: z.string() })).nullish()
// Loose all the way down: the digest is of the whole spec.
const container = z.looseObject({
  Configs: z.array(z.looseObject({ ConfigID: z.string() })).nullish(),
  Secrets: z.array(z.looseObject({ SecretID: z.string() })).nullish(),
})
const spec = z.looseObject({
  Name: z.string(),
  Labels: labels,
  TaskTemplate: z.looseObject({ Networks: targets, ContainerSpec: container.nullish() }).nullish(),
  /** Where services from before API 1.25 keep their networks. */
  Networks: targets,
})
const stored = z.object({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  CreatedAt: z.string(),
  UpdatedAt: z.string(),
  Spec: spec,
})

/** A service, config or secret as the Engine API lists it. */
export function storedSchema(kind: Exclude<ObjectKind, 'network'>) {
  return stored.transform(
    ({ ID, Version, CreatedAt, UpdatedAt, Spec }): SwarmObject => ({
      ...{ kind, id: ID, name: Spec.Name, labels: Spec.Labels ?? {}, version: Version.Index, digest: digestOf(Spec) },
      ...{ createdAt: CreatedAt, updatedAt: UpdatedAt, uses: idsIn(Spec) },
    }),
  )
}

function idsIn({ TaskTemplate, Networks }: z.infer<typeof spec>): readonly string[] {
  const container = TaskTemplate?.ContainerSpec
  return [
    ...[...(TaskTemplate?.Networks ?? []), ...(Networks ?? [])].map(({ Target }) => Target),
    ...(container?.Configs ?? []).map(({ ConfigID }) => ConfigID),
    ...(container?.Secrets ?? []).map(({ SecretID }) => SecretID),
  ]
}

/** Who is on it just now, and which nodes know of it, is no part of what somebody wanted it to be. */
export const networkSchema = z
  .looseObject({ Id: z.string(), Name: z.string(), Created: z.string(), Labels: labels })
  .transform((network): SwarmObject => {
    const { Containers, Peers, Services, Status, ...spec } = network
    const { Id, Name, Created, Labels } = network
    return {
      ...{ kind: 'network', id: Id, name: Name, labels: Labels ?? {}, digest: digestOf(spec) },
      ...{ createdAt: Created, uses: [] },
    }
  })
