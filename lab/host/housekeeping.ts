import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { addressLock } from './create.ts'
import { destroy } from './destroy.ts'
import { cacheFolder, labsFolder } from './folders.ts'
import { withLock } from './lock.ts'
import { findLabs } from './record.ts'
import { labState } from './state.ts'

export interface KeepOptions {
  readonly signal?: AbortSignal | undefined
  readonly progress: (line: string) => void
}

/** One process removes labs at a time. */
export async function withRemovalLock<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return await withLock(join(labsFolder(), '.removing'), work, { signal })
}

/** Removes what killed processes and a reboot of the machine left: labs half made, and labs that do not run any more. */
export async function removeDeadLabs(options: KeepOptions): Promise<void> {
  const suspects = await deadLabs()
  if (suspects.length === 0) return
  await withRemovalLock(async () => {
    // Under the lock that labs are reserved under, a folder without a record can be nobody's who still lives.
    for (const lab of await withLock(addressLock, deadLabs, { signal: options.signal })) {
      options.progress(`removing ${lab.name}, which does not run any more`)
      await destroy(lab)
    }
  }, options.signal)
}

async function deadLabs() {
  const labs = await Promise.all((await findLabs()).map(async (lab) => ({ lab, state: await labState(lab) })))
  return labs.filter(({ state }) => state === 'dead' || state === 'half').map(({ lab }) => lab)
}

const keepMs = 14 * 24 * 3600 * 1000
const keepEach = 3

/**
 * Removes cached layers that no lab has taken for two weeks, and of each kind all but the three taken last; never one
 * that is named in `keep`, nor one that a running lab stands on. Returns the names.
 */
export async function pruneCache(now: number, keep: readonly string[]): Promise<string[]> {
  const mounted = await readFile('/proc/self/mountinfo', 'utf8')
  const names = (await readdir(cacheFolder())).filter((name) => !name.startsWith('.'))
  const layers = await Promise.all(
    names.map(async (name) => {
      const path = join(cacheFolder(), name)
      return { name, path, kind: name.replace(/-[^-]*$/, ''), takenAt: (await stat(path)).mtimeMs }
    }),
  )
  layers.sort((a, b) => b.takenAt - a.takenAt)
  const removed: string[] = []
  for (const layer of layers) {
    const newer = layers.filter((other) => other.kind === layer.kind && other.takenAt > layer.takenAt).length
    if (newer < keepEach && now - layer.takenAt < keepMs) continue
    if (keep.includes(layer.path) || mounted.includes(layer.path)) continue
    await rm(layer.path, { recursive: true, force: true })
    removed.push(layer.name)
  }
  return removed
}
