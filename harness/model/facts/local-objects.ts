import { z } from 'zod'
import type { Fact } from '../fact.ts'

/** By which an engine says of a container which task it runs. */
export const taskLabel = 'com.docker.swarm.task.id'

const labels = z.record(z.string(), z.string()).nullish()

const container = z.object({ Id: z.string(), Names: z.array(z.string()).nullish(), Labels: labels })
export type LocalContainer = z.infer<typeof container>

/** With those that have ended; those of other nodes are not to be seen from here. */
export const localContainers: Fact<readonly LocalContainer[]> = {
  name: 'local-containers',
  what: 'the containers on the engine that was asked, with their labels',
  schema: z.array(container),
}

const volume = z.object({ Name: z.string(), Labels: labels })
export type LocalVolume = z.infer<typeof volume>

export const localVolumes: Fact<readonly LocalVolume[]> = {
  name: 'local-volumes',
  what: 'the volumes on the engine that was asked, with their labels',
  schema: z.object({ Volumes: z.array(volume).nullish() }).transform(({ Volumes }) => Volumes ?? []),
}
