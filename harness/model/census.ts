import { z } from 'zod'

/** What a census may take of a live Swarm, and when it stops. */
export const censusSchema = z.strictObject({
  /** The largest part of what is free that is held at once, and the most addresses whatever is free. */
  maxSharePercent: z.number().min(1).max(50).default(25),
  maxHeld: z.number().int().min(1).max(4096).default(2048),
  /** With fewer addresses free a network is not walked. */
  minFree: z.number().int().min(1).default(8),
  /** By how much dockerd and the folder of its raft log may grow, and by how often a list may take longer. */
  maxEngineGrowthMiB: z.number().positive().default(256),
  maxRaftGrowthMiB: z.number().positive().default(500),
  maxSlowdown: z.number().min(2).default(5),
  /** How long one network may take. */
  walkSeconds: z.number().positive().default(180),
})
export type CensusSettings = z.infer<typeof censusSchema>
