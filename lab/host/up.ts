import { join } from 'node:path'
import { PvcheckError } from '../../harness/core/errors.ts'
import { type BaseOptions, baseLayer } from './base.ts'
import { dockerFolder } from './boot.ts'
import { type Layer, layerPath, takeLayer } from './cache.ts'
import { createMachine } from './create.ts'
import { destroyAfter } from './destroy.ts'
import { type EngineName, usualEngine } from './engines.ts'
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
  /** 20.10 unless given. */
  readonly engine?: EngineName
  /** The shared network as small as in the incident. */
  readonly beforeFix?: boolean
  /** The same, leaked full, and the deploy of an app that hangs. */
  readonly incident?: boolean
  /** How often the label router polls; Traefik's own 15 s by default. */
  readonly refreshMs?: number
  readonly signal?: AbortSignal
  readonly progress: (line: string) => void
}

/** What a practice host is made of; tests put something smaller in their place. */
export interface Parts {
  readonly guest: Guest
  readonly base?: (options: BaseOptions) => Layer
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

  const engine = options.engine ?? usualEngine
  const baseOf = parts.base ?? baseLayer
  const base = baseOf({ engine, signal, progress })
  // The same images on every engine: a newer one starts with a copy of what the usual one has made of them.
  const builder = baseOf({ engine: usualEngine, signal, progress })
  const images = imagesLayer(builder, parts.guest, { signal, progress })
  const layers = new Map([builder, base].map((layer) => [layerPath(layer), layer]))
  for (const layer of layers.values()) await takeLayer(layer, { signal, progress })
  const { path: imagesPath, built } = await takeLayer(images, { signal, progress })
  if (built) await pruneCache(Date.now(), [...layers.keys(), layerPath(images)])

  const incident = options.incident ?? false
  const beforeFix = incident || (options.beforeFix ?? false)
  const refreshMs = options.refreshMs ?? 15_000
  progress(`booting ${name}`)
  const { machine, record } = await createMachine({
    name,
    kind: 'lab',
    engine,
    lower: join(layerPath(base), 'root'),
    docker: join(imagesPath, dockerFolder),
    files: parts.guest.hostFiles({ beforeFix }),
    beforeFix,
    refreshMs,
    signal,
  })
  try {
    progress(
      `${name} booted at ${machine.address}; deploying the control plane${incident ? ', and having the incident' : ''}`,
    )
    await parts.guest.deployControlPlane(machine, {
      beforeFix,
      incident,
      refreshMs,
      ...(signal === undefined ? {} : { signal }),
    })
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
