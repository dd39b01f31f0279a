import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { engineInfo } from '../engine-info.ts'
import { networks } from '../networks.ts'
import { nodes } from '../nodes.ts'
import { services } from '../services.ts'
import { attachedContainers, tasks } from '../tasks.ts'

const image = z.object({
  Id: z.string(),
  /** `null`, or `<none>:<none>`, for an image without a name. */
  RepoTags: z.array(z.string()).nullish(),
  /** Only of what came from a registry, or went to one. */
  RepoDigests: z.array(z.string()).nullish(),
})
/** An image on the engine that was asked. */
export type Image = z.infer<typeof image>

const schema = z.object({
  info: engineInfo.schema,
  services: services.schema,
  tasks: tasks.schema,
  attachedContainers: attachedContainers.schema,
  networks: networks.schema,
  nodes: nodes.schema,
  images: z.array(image),
})
export type QuietSwarm = z.infer<typeof schema>

/** Asked at once, and anew: what earlier checks of the run were told is minutes old by then. */
export const quietSwarm: Fact<QuietSwarm> = {
  name: 'quiet-swarm',
  what: 'what the Swarm is doing right before anything is created',
  schema,
}
