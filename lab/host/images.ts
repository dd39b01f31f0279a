import { statSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pollUntil } from '../../harness/core/poll.ts'
import { dockerFolder } from './boot.ts'
import { type Layer, layerPath, recipeKey } from './cache.ts'
import { processesIn } from './cgroup.ts'
import { createMachine } from './create.ts'
import { destroy, destroyAfter } from './destroy.ts'
import type { Guest } from './guest.ts'
import { type LabMachine, runOn } from './machine.ts'
import { markOf } from './marked.ts'
import { mintName } from './mint.ts'
import { findLab, type LabRecord } from './record.ts'
import { shell } from './shell.ts'

/**
 * Docker's data with the images and nothing else, under `docker/`. Never a Swarm: a copied one would start with dead
 * tasks (slower than deploying anew), and every lab would have the same cluster id.
 */
export function imagesLayer(
  base: Pick<Layer, 'kind' | 'key'>,
  guest: Guest,
  options: { readonly signal?: AbortSignal | undefined; progress(line: string): void },
): Layer {
  return {
    kind: 'images',
    key: recipeKey(base.key, process.version, statSync(process.execPath).size, guest.imageIngredients()),
    async build(folder) {
      const { signal } = options
      options.progress('building the images of the control plane (once)')
      const name = mintName('pvbuild')
      const basePath = layerPath(base)
      const { machine, record } = await createMachine({
        name,
        kind: 'builder',
        lower: join(basePath, 'root'),
        files: guest.hostFiles({ beforeFix: false }),
        beforeFix: false,
        refreshMs: 0,
        binds: { [join(basePath, 'packages')]: '/opt/packages' },
        signal,
      })
      try {
        await guest.buildImages(machine, signal)
        signal?.throwIfAborted()
        await powerOff(machine, record)
        // The engine's identity belongs to a host, not to its images.
        await rm(join(machine.dir, dockerFolder, 'engine-id'), { force: true })
        await mkdir(folder, { recursive: true })
        await shell(signal, markOf(record.id))`mv ${join(machine.dir, dockerFolder)} ${join(folder, dockerFolder)}`
      } catch (error) {
        throw await destroyAfter(signal?.aborted ? signal.reason : error, name)
      }
      const builder = await findLab(name)
      if (builder !== undefined) await destroy(builder)
    },
  }
}

/** A clean end, so that dockerd closes its databases. */
async function powerOff(machine: LabMachine, record: LabRecord): Promise<void> {
  await runOn(machine, 'systemctl poweroff --no-block')
  const tree = record.cgroups.find((cgroup) => cgroup.tree)
  await pollUntil(
    async () => {
      const left = tree === undefined ? [] : await processesIn(tree.path)
      return left.length === 0 ? { done: true, value: undefined } : { done: false, state: `${left.length} processes` }
    },
    { what: `${record.name} to power off`, timeoutMs: 30_000, intervalMs: 20 },
  )
}
