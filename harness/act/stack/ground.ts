import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import { chooseImage } from '../../judge/preflight/choose-image.ts'
import type { Fact } from '../../model/fact.ts'
import { type Image, images } from '../../model/facts/images.ts'
import { networks } from '../../model/facts/networks.ts'
import { nodes, type SwarmNode } from '../../model/facts/nodes.ts'
import type { Throwaway } from '../../model/throwaway.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import { listed } from '../remove/look.ts'

/** On what throwaway stacks are put. */
export interface Ground {
  /** The image as the service names it: by its id, unless it may be pulled, so that no node asks a registry. */
  readonly image: string
  /** The node that was asked. */
  readonly nodeId: string
  readonly nodes: readonly SwarmNode[]
  readonly sharedNetwork: { readonly id: string; readonly name: string }
  /** The names of the Swarm's networks, by id. */
  readonly networkNames: ReadonlyMap<string, string>
  /** What the kernel of that node can limit. */
  readonly canLimit: { readonly memory: boolean; readonly cpu: boolean; readonly pids: boolean }
}

const infoSchema = z.object({
  MemoryLimit: z.boolean().default(false),
  CpuCfsQuota: z.boolean().default(false),
  PidsLimit: z.boolean().default(false),
  Swarm: z.object({ NodeID: z.string() }),
})

const info: Fact<z.infer<typeof infoSchema>> = {
  name: 'engine-limits',
  what: 'what the engine says of itself and of what it can limit',
  schema: infoSchema,
}

/**
 * Looks at the ground. Throws `STACK_NO_SHARED_NETWORK`, `STACK_NO_IMAGE`, and `REMOVE_CANNOT_LOOK` where the engine does
 * not tell.
 */
export async function readGround(
  reader: EngineReader,
  { throwaway, sharedNetwork }: { readonly throwaway: Throwaway; readonly sharedNetwork: string },
  signal: AbortSignal,
): Promise<Ground> {
  const [engine, imageList, networkList, nodeList] = await Promise.all([
    reader.info({ signal }).then((answer) => listed(info, answer)),
    reader.images({ signal }).then((answer) => listed(images, answer)),
    reader.networks({ signal }).then((answer) => listed(networks, answer)),
    reader.nodes({ signal }).then((answer) => listed(nodes, answer)),
  ])
  const shared = networkList.find(({ Name, Scope }) => Name === sharedNetwork && Scope === 'swarm')
  if (shared === undefined) throw noSharedNetwork(sharedNetwork)
  return {
    image: imageOf(imageList, throwaway),
    nodeId: engine.Swarm.NodeID,
    nodes: nodeList,
    sharedNetwork: { id: shared.Id, name: shared.Name },
    networkNames: new Map(networkList.filter(({ Scope }) => Scope === 'swarm').map(({ Id, Name }) => [Id, Name])),
    canLimit: { memory: engine.MemoryLimit, cpu: engine.CpuCfsQuota, pids: engine.PidsLimit },
  }
}

function imageOf(onEngine: readonly Image[], throwaway: Throwaway): string {
  const chosen = chooseImage(onEngine, throwaway)
  const image = throwaway.pull ? (throwaway.image ?? chosen?.name) : chosen?.id
  if (image !== undefined) return image
  throw new PvcheckError({
    code: 'STACK_NO_IMAGE',
    seen: `${throwaway.image ?? 'a busybox'} is not among the images of the engine, and \`pull\` is off`,
    wanted: 'an image for throwaway stacks on the node that is asked',
    remedy: 'Load one there, name another in `expect.throwaway.image`, or allow `expect.throwaway.pull`.',
    exit: 'blocked',
  })
}

function noSharedNetwork(name: string): PvcheckError {
  return new PvcheckError({
    code: 'STACK_NO_SHARED_NETWORK',
    seen: `there is no network ${name} in the Swarm`,
    wanted: 'the shared network, to put throwaway stacks on it',
    remedy: 'See whether it was removed, or is called otherwise in `expect.sharedNetwork.name`.',
    exit: 'blocked',
  })
}
