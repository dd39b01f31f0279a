import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { pollUntil } from '../../harness/core/poll.ts'
import { type CgroupMount, parseCgroupMounts, parseProcCgroup, placeOf } from './cgroup-text.ts'
import { killProcess } from './process.ts'

/** One cgroup of a lab's own; `tree` marks the hierarchy that surely holds all of its processes, by cgroup2 if there is one. */
export const cgroupSchema = z.object({ path: z.string(), unified: z.boolean(), tree: z.boolean() })
export type Cgroup = z.infer<typeof cgroupSchema>

/**
 * Where a lab's cgroups go; nothing is created. Without cgroups of its own, two labs started from one shell would share
 * one systemd tree and restart each other's units. On a machine that systemd manages, systemd makes the one scope (see
 * `boot`); elsewhere they go below this process's own, in every mounted hierarchy.
 */
export async function planCgroups(name: string): Promise<Cgroup[]> {
  const mounts = parseCgroupMounts(await readFile('/proc/self/mountinfo', 'utf8'))
  if (systemdManages()) {
    const unified = mounts.find((mount) => mount.unified)
    const tree = mounts.find(({ controllers }) => controllers.includes('name=systemd')) ?? unified
    return tree === undefined ? [] : [{ path: scopePath(tree.path, name), unified: tree.unified, tree: true }]
  }
  const lines = parseProcCgroup(await readFile('/proc/self/cgroup', 'utf8'))
  const places: { readonly mount: CgroupMount; readonly parent: string }[] = []
  for (const line of lines) {
    const place = placeOf(line, mounts)
    if (place === undefined) continue
    const parent = place.mount.unified ? await delegatingParent(place.mount.path, place.path) : place.path
    places.push({ mount: place.mount, parent })
  }
  const tree =
    places.find(({ mount }) => mount.unified) ??
    places.find(({ mount }) => mount.controllers.includes('name=systemd')) ??
    places[0]
  return places.map((place) => ({
    path: join(place.parent, name),
    unified: place.mount.unified,
    tree: place === tree,
  }))
}

/** Whether systemd is process 1 here: then it alone may make cgroups outside of what it has delegated. */
export function systemdManages(): boolean {
  return existsSync('/run/systemd/system')
}

/** Where systemd puts the scope that `systemd-run --scope --slice=system.slice` makes. */
function scopePath(mountPath: string, name: string): string {
  return join(mountPath, 'system.slice', `${name}.scope`)
}

/**
 * On cgroup2 a group that holds processes cannot hand controllers to its children ("no internal processes"; only the
 * root may). So climb from our own group to the nearest one that already hands them on, and stay where we are if none
 * does: the lab then runs without limits, as it does on a machine whose cgroup2 has no controllers.
 * The climb has been tried with made-up trees only: no machine with controllers in cgroup2 was at hand.
 */
export async function delegatingParent(mountPath: string, own: string): Promise<string> {
  for (let group = own; group.startsWith(mountPath); group = join(group, '..')) {
    const delegated = await readFile(join(group, 'cgroup.subtree_control'), 'utf8').catch(() => '')
    if (delegated.trim() !== '') return group
    if (group === mountPath) break
  }
  return own
}

/** Creates the planned groups; a cpuset (v1) starts empty and takes no process until it is filled. */
export async function createCgroups(cgroups: readonly Cgroup[]): Promise<void> {
  for (const { path } of cgroups) {
    await mkdir(path, { recursive: true })
    for (const file of ['cpuset.mems', 'cpuset.cpus']) {
      if (!existsSync(join(path, file))) continue
      const inherited = (await readFile(join(path, '..', file), 'utf8')).trim()
      if (inherited !== '') await writeFile(join(path, file), inherited)
    }
    const clone = join(path, 'cgroup.clone_children')
    if (existsSync(clone)) await writeFile(clone, '1')
  }
}

/** Ids of all processes in a group and in those below it; empty when it is gone. */
export async function processesIn(path: string): Promise<number[]> {
  const procs = await readFile(join(path, 'cgroup.procs'), 'utf8').catch(ignoreGone)
  const own = (procs ?? '').split('\n').filter(Boolean).map(Number)
  const below = await Promise.all((await subgroups(path)).map(processesIn))
  return [...own, ...below.flat()].filter((pid) => pid > 0)
}

/** Kills all that runs in the groups and removes them; done when none of them exists. Safe to call again. */
export async function removeCgroups(cgroups: readonly Cgroup[], timeoutMs = 20_000): Promise<void> {
  await pollUntil(
    async () => {
      for (const { path, unified } of cgroups) {
        if (unified && existsSync(join(path, 'cgroup.kill'))) await writeFile(join(path, 'cgroup.kill'), '1')
        for (const pid of await processesIn(path)) killProcess(pid)
      }
      // In the recorded order, which is the order a launcher enters them in: one that comes late finds the first one gone.
      for (const { path } of cgroups) await removeTree(path)
      const left = cgroups.filter(({ path }) => existsSync(path))
      return left.length === 0
        ? { done: true, value: undefined }
        : { done: false, state: `still there: ${left.map(({ path }) => path).join(', ')}` }
    },
    { what: 'the processes and cgroups of a practice host to be gone', timeoutMs, intervalMs: 10 },
  )
}

async function removeTree(path: string): Promise<void> {
  for (const below of await subgroups(path)) await removeTree(below)
  await rmdir(path).catch((error: unknown) => {
    // Busy: its processes have been killed but have not all left yet; the next round finds it empty.
    if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) return ignoreGone(error)
    return undefined
  })
}

async function subgroups(path: string): Promise<string[]> {
  const entries = (await readdir(path, { withFileTypes: true }).catch(ignoreGone)) ?? []
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name))
}

/** A group that vanishes while it is read has no processes: that is what was asked for. */
function ignoreGone(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'ENOENT' && code !== 'ENODEV') throw error
  return undefined
}
