import { existsSync } from 'node:fs'
import { rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { rootFolder } from './boot.ts'
import { removeCgroups } from './cgroup.ts'
import { unmountUnder } from './mounts.ts'
import { removeLink } from './network.ts'
import type { FoundLab } from './record.ts'

/**
 * Removes a host whatever state it is in, booting or half removed too: processes, cgroups, link, mounts, namespace,
 * folder; the record goes last, so a second call takes up where a first one died.
 */
export async function destroy(lab: Pick<FoundLab, 'name' | 'dir' | 'record'>): Promise<void> {
  if (lab.record !== undefined) {
    await removeCgroups(lab.record.cgroups)
    await removeLink(lab.record)
  }
  await removeNspawnTraces(lab)
  await unmountUnder(lab.dir)
  for (const part of ['root', 'upper', 'work', 'docker', 'netns']) {
    await rm(join(lab.dir, part), { recursive: true, force: true })
  }
  await rm(lab.dir, { recursive: true, force: true })
}

/** systemd-nspawn leaves both behind, after a clean poweroff too. */
async function removeNspawnTraces(lab: Pick<FoundLab, 'name' | 'dir'>): Promise<void> {
  const propagate = join('/run/systemd/nspawn/propagate', lab.name)
  if (existsSync(propagate)) await rmdir(propagate)
  const root = join(lab.dir, rootFolder)
  if (!existsSync(root)) return
  const { dev, ino } = await stat(root)
  await rm(`/run/systemd/nspawn/locks/inode-${dev}:${ino}`, { force: true })
}
