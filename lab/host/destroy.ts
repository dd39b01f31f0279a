import { existsSync } from 'node:fs'
import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { joinErrors } from '../../harness/core/errors.ts'
import { rootFolder } from './boot.ts'
import { removeCgroups } from './cgroup.ts'
import { killInside } from './inside.ts'
import { killMarked } from './marked.ts'
import { unmountUnder } from './mounts.ts'
import { removeLink } from './network.ts'
import { type FoundLab, findLab, recordFile } from './record.ts'

/**
 * Removes a host whatever state it is in, booting or half removed too: processes, cgroups, link, mounts, namespace,
 * folder. The record goes last, so a second call takes up where a first one died.
 */
export async function destroy(lab: FoundLab): Promise<void> {
  if (lab.record !== undefined) {
    await killMarked(lab.record.id)
    await removeCgroups(lab.record.cgroups)
    await killInside(lab.dir)
    await removeLink(lab.record)
  }
  await removeNspawnTraces(lab)
  await unmountUnder(lab.dir)
  // A launcher may have been on its way into its scope when the first look found nothing there.
  if (lab.record !== undefined) await removeCgroups(lab.record.cgroups)
  const parts = await readdir(lab.dir).catch(ignoreMissing)
  for (const part of (parts ?? []).filter((name) => name !== recordFile)) {
    await rm(join(lab.dir, part), { recursive: true, force: true })
  }
  await rm(lab.dir, { recursive: true, force: true })
}

/** Removes a host after a failure; returns that failure, with what went wrong on the way joined on. */
export async function destroyAfter(failure: unknown, name: string): Promise<unknown> {
  try {
    const lab = await findLab(name)
    if (lab !== undefined) await destroy(lab)
    return failure
  } catch (error) {
    return joinErrors(failure, [error])
  }
}

/** systemd-nspawn leaves both behind, after a clean poweroff too. */
async function removeNspawnTraces(lab: FoundLab): Promise<void> {
  if (lab.record !== undefined) {
    await rmdir(join('/run/systemd/nspawn/propagate', lab.record.id)).catch(ignoreMissing)
  }
  const root = join(lab.dir, rootFolder)
  if (!existsSync(root)) return
  const { dev, ino } = await stat(root)
  await rm(`/run/systemd/nspawn/locks/inode-${dev}:${ino}`, { force: true })
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  return undefined
}
