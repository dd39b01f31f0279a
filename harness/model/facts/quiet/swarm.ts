import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { engineInfo } from '../engine-info.ts'
import { images } from '../images.ts'
import { networks } from '../networks.ts'
import { nodes } from '../nodes.ts'
import { services } from '../services.ts'
import { attachedContainers, tasks } from '../tasks.ts'

const schema = z.object({
  info: engineInfo.schema,
  services: services.schema,
  tasks: tasks.schema,
  attachedContainers: attachedContainers.schema,
  networks: networks.schema,
  nodes: nodes.schema,
  images: images.schema,
})
export type QuietSwarm = z.infer<typeof schema>

/** Asked at once, and anew: what earlier checks of the run were told is minutes old by then. */
export const quietSwarm: Fact<QuietSwarm> = {
  name: 'quiet-swarm',
  what: 'what the Swarm is doing right before anything is created',
  schema,
}
