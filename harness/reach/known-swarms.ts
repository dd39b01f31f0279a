import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf, PvcheckError } from '../core/errors.ts'
import { replaceFile } from '../core/file.ts'
import { oneLine } from './excerpt.ts'

const knownSchema = z.record(z.string(), z.string())

/**
 * Compares a cluster id with the configured one, else with the one first seen at this address, which is remembered in
 * `<stateDir>/known-swarms.json`. Throws `REACH_OTHER_SWARM`, and `REACH_STATE_UNREADABLE` where the file is broken.
 */
export async function proveCluster(
  found: { label: string; cluster: string },
  wanted: { cluster: string | undefined; stateDir: string },
): Promise<void> {
  const { label, cluster } = found
  if (wanted.cluster !== undefined) {
    if (wanted.cluster !== cluster) throw otherSwarm(label, cluster, wanted.cluster, 'Correct `target.cluster`')
    return
  }
  const path = join(wanted.stateDir, 'known-swarms.json')
  const known = await readKnown(path)
  const seenFirst = Object.hasOwn(known, label) ? known[label] : undefined
  if (seenFirst === undefined) {
    await mkdir(wanted.stateDir, { recursive: true, mode: 0o700 })
    return replaceFile(path, `${JSON.stringify({ ...known, [label]: cluster }, undefined, 2)}\n`, 0o600)
  }
  if (seenFirst !== cluster) {
    throw otherSwarm(label, cluster, seenFirst, `Remove the entry ${JSON.stringify(label)} from ${path}`)
  }
}

async function readKnown(path: string): Promise<Record<string, string>> {
  try {
    return knownSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new PvcheckError({
      code: 'REACH_STATE_UNREADABLE',
      seen: `${path} cannot be read: ${messageOf(error).split('\n')[0]}`,
      wanted: 'the list of Swarms seen before, as pvcheck wrote it',
      remedy: 'Remove the file; the next run then remembers the Swarm it finds, so be sure that it is the right one.',
      exit: 'blocked',
      cause: error,
    })
  }
}

function otherSwarm(label: string, seen: string, wanted: string, forget: string): PvcheckError {
  return new PvcheckError({
    code: 'REACH_OTHER_SWARM',
    seen: `the Swarm at ${label} has the cluster id ${oneLine(seen)}`,
    wanted: `the cluster id ${wanted}`,
    remedy: `Make sure that this is the Swarm you mean: the address may lead somewhere else now, or the Swarm was made anew. ${forget} only when it is.`,
    exit: 'blocked',
  })
}
