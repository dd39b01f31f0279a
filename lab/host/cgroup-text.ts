import { join, relative } from 'node:path'

/** A mounted cgroup hierarchy; `root` is what part of it the mount shows. */
export interface CgroupMount {
  readonly path: string
  readonly root: string
  readonly unified: boolean
  readonly controllers: readonly string[]
}

export interface CgroupLine {
  /** Empty for cgroup2. */
  readonly controllers: readonly string[]
  readonly path: string
}

/** The cgroup mounts of /proc/<pid>/mountinfo, v1 and v2. */
export function parseCgroupMounts(mountinfo: string): CgroupMount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const [, , , root, path] = before.split(' ')
    const [type, , options = ''] = after.split(' ')
    if (root === undefined || path === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return []
    const unified = type === 'cgroup2'
    return [{ path: unescapeMount(path), root: unescapeMount(root), unified, controllers: options.split(',') }]
  })
}

/** The lines of /proc/<pid>/cgroup: `id:controllers:path`, and a path may hold colons. */
export function parseProcCgroup(text: string): CgroupLine[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) return []
    return [{ controllers: match[1] === '' ? [] : match[1].split(','), path: match[2] }]
  })
}

/** The folder of a process's cgroup, or undefined when its hierarchy is not mounted here. */
export function placeOf(
  line: CgroupLine,
  mounts: readonly CgroupMount[],
): { readonly mount: CgroupMount; readonly path: string } | undefined {
  const mount = mounts.find((candidate) =>
    line.controllers.length === 0
      ? candidate.unified
      : !candidate.unified && line.controllers.every((controller) => candidate.controllers.includes(controller)),
  )
  if (mount === undefined) return undefined
  const inside = relative(mount.root, line.path)
  // A mount that shows another part of the hierarchy than ours: its top is the best we can reach.
  return { mount, path: inside.startsWith('..') ? mount.path : join(mount.path, inside) }
}

/** mountinfo writes space, tab, newline and backslash as octal escapes. */
export function unescapeMount(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
