import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../../harness/core/file.ts'
import { cacheFolder } from './folders.ts'
import { withLock } from './lock.ts'
import { shell } from './shell.ts'

/** A layer that is made once for its recipe and then shared, read-only, by every lab. */
export interface Layer {
  readonly kind: string
  /** From `recipeKey`: another recipe is another layer. */
  readonly key: string
  /** Fills an empty folder. Interrupted, it leaves nothing in the cache. */
  build(folder: string): Promise<void>
}

/** A short content hash of everything that goes into a layer. */
export function recipeKey(...ingredients: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(ingredients)).digest('hex').slice(0, 16)
}

export function layerPath(layer: Pick<Layer, 'kind' | 'key'>): string {
  return join(cacheFolder(), `${layer.kind}-${layer.key}`)
}

/**
 * The folder of a layer, built first if need be: in a temporary folder that is synced and then renamed, so what has
 * its name is complete. Of two that want it at once one builds, and the other waits.
 */
export async function takeLayer(
  layer: Layer,
  options: { readonly signal?: AbortSignal | undefined; readonly progress: (line: string) => void },
): Promise<{ readonly path: string; readonly built: boolean }> {
  const path = layerPath(layer)
  const built = !existsSync(path)
  if (built) {
    const name = `${layer.kind}-${layer.key}`
    const waiting = () => options.progress(`waiting for another lab to build ${name}`)
    await withLock(join(cacheFolder(), '.locks', name), () => buildLayer(layer, path), {
      signal: options.signal,
      waiting,
    })
  }
  const now = new Date()
  // Marks it as used: what nobody takes for long is pruned.
  await utimes(path, now, now)
  return { path, built }
}

async function buildLayer(layer: Layer, path: string): Promise<void> {
  if (existsSync(path)) return
  const prefix = `.${layer.kind}-${layer.key}.`
  await mkdir(cacheFolder(), { recursive: true })
  // Whoever left these is dead: the lock is ours.
  for (const name of await readdir(cacheFolder())) {
    if (name.startsWith(prefix)) await rm(join(cacheFolder(), name), { recursive: true, force: true })
  }
  const temporary = await mkdtemp(join(cacheFolder(), prefix))
  try {
    await layer.build(temporary)
    await shell()`sync -f ${temporary}`
    await rename(temporary, path)
    await syncFolder(cacheFolder())
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
