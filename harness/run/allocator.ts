import { z } from 'zod'
import { readHostFigures } from '../act/census/host-figures.ts'
import { leaderOf } from '../judge/managers.ts'
import type { AddressCensus } from '../model/facts/addresses/census.ts'
import type { AddressReading } from '../model/facts/addresses/reading.ts'
import type { Target } from '../reach/target.ts'

const rootDirSchema = z.object({ DockerRootDir: z.string().min(1) })

/** Which allocator hands out addresses now; since when is known only of the manager that is asked, and not of all. */
export async function allocatorOf(
  { engine, host, fingerprint }: Target,
  { nodes }: AddressReading,
  signal: AbortSignal,
): Promise<AddressCensus['allocator']> {
  const leader = leaderOf(nodes)?.ID ?? ''
  if ('unavailable' in host || leader !== fingerprint.node) return { leader }
  const info = rootDirSchema.safeParse((await engine.info({ signal })).body)
  const figures = await readHostFigures(host, info.data?.DockerRootDir ?? '/var/lib/docker', signal).catch(
    // It may not be ours to read: then two censuses count as of one life only where the leader says so by itself.
    () => undefined,
  )
  signal.throwIfAborted()
  return figures === undefined ? { leader } : { leader, engineStartedAt: figures.startedAt }
}
