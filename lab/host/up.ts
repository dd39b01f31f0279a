import { join } from 'node:path'
import { PvcheckError } from '../../harness/core/errors.ts'
import { baseLayer } from './base.ts'
import { dockerFolder } from './boot.ts'
import { type Layer, layerPath, takeLayer } from './cache.ts'
import { createMachine } from './create.ts'
import { destroyAfter } from './destroy.ts'
import type { Guest } from './guest.ts'
import { pruneCache, removeDeadLabs } from './housekeeping.ts'
import { imagesLayer } from './images.ts'
import { type LabMachine, runOn } from './machine.ts'
import { mintName } from './mint.ts'
import { assertFolders, assertSupported, installTools } from './prerequisites.ts'
import { writeRecord } from './record.ts'
import { type MachineEngine, refuseSwarmMember } from './swarm-member.ts'
import { writeTargetConfig } from './target-config.ts'

export interface UpOptions {
  readonly name?: string
  /** The shared network as small as in the incident. */
  readonly beforeFix?: boolean
  /** How often the label router polls; Traefik's own 15 s by default. */
  readonly refreshMs?: number
  readonly signal?: AbortSignal
  readonly progress: (line: string) => void
}

/** What a practice host is made of; tests put something smaller in their place. */
export interface Parts {
  readonly guest: Guest
  readonly base?: (options: { signal?: AbortSignal | undefined; progress(line: string): void }) => Layer
  readonly machineEngine?: MachineEngine
}

/**
 * Boots a practice host and deploys its control plane; what an interruption or a failure leaves half made is removed.
 * Throws LAB_ON_SWARM_MEMBER, LAB_UNSUPPORTED and the like before anything is touched.
 */
export async function raise(options: UpOptions, parts: Parts): Promise<LabMachine> {
  const { signal, progress } = options
  const name = options.name ?? mintName('pvlab')
  assertName(name)
  await assertSupported()
  await refuseSwarmMember(parts.machineEngine, signal)
  await installTools(progress, signal)
  await assertFolders()
  await removeDeadLabs({ signal, progress })

  const base = (parts.base ?? baseLayer)({ signal, progress })
  const images = imagesLayer(base, parts.guest, { signal, progress })
  const { path: basePath } = await takeLayer(base, { signal, progress })
  const { path: imagesPath, built } = await takeLayer(images, { signal, progress })
  if (built) await pruneCache(Date.now(), [layerPath(base), layerPath(images)])

  const beforeFix = options.beforeFix ?? false
  const refreshMs = options.refreshMs ?? 15_000
  progress(`booting ${name}`)
  const { machine, record } = await createMachine({
    name,
    kind: 'lab',
    lower: join(basePath, 'root'),
    docker: join(imagesPath, dockerFolder),
    files: parts.guest.hostFiles({ beforeFix }),
    beforeFix,
    refreshMs,
    signal,
  })
  try {
    progress(`${name} booted at ${machine.address}; deploying the control plane`)
    await parts.guest.deployControlPlane(machine, { beforeFix, refreshMs, ...(signal === undefined ? {} : { signal }) })
    const clusterId = (await runOn(machine, "docker info --format '{{.Swarm.Cluster.ID}}'")).trim()
    await writeTargetConfig(machine, clusterId, refreshMs, parts.guest)
    signal?.throwIfAborted()
    await writeRecord(machine.dir, { ...record, phase: 'running', clusterId, routes: [...parts.guest.routes()] })
    return machine
  } catch (error) {
    throw await destroyAfter(signal?.aborted ? signal.reason : error, name)
  }
}

/** It is a host name, a folder, and an argument on many command lines. */
function assertName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(name)) return
  throw new PvcheckError({
    code: 'LAB_NAME_INVALID',
    seen: `the name ${JSON.stringify(name)}`,
    wanted: 'a lower-case letter, then at most 30 lower-case letters, digits and hyphens',
    remedy: 'Take another name, or none: one is made up.',
    exit: 'usage',
  })
}
