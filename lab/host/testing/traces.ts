import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a host can be known by after its record is gone. */
export interface Identity {
  readonly dir: string
  readonly id: string
  /** Inode of its network namespace. */
  readonly netns: string | undefined
}

/** Reads the identity from the outside; undefined until the record is there. */
export function identify(dir: string): Identity | undefined {
  const record = join(dir, 'lab.json')
  if (!existsSync(record)) return undefined
  const { id }: { id: string } = JSON.parse(readFileSync(record, 'utf8'))
  const bound = mountLines().find((line) => line.includes(` ${join(dir, 'netns')} `))
  return { dir, id, netns: bound === undefined ? undefined : String(statSync(join(dir, 'netns')).ino) }
}

/**
 * Everything on this machine that still speaks of a host: mounts, processes, cgroups, links, namespaces, folders.
 * Looked up here by other means than the code that removes them, and only by names, as other hosts may run beside it.
 */
export function traces(host: Identity): string[] {
  const about = (text: string) => text.includes(host.id) || text.includes(`${host.dir}/`) || text.endsWith(host.dir)
  return [
    ...mountLines()
      .filter(about)
      .map((line) => `mount ${line}`),
    ...processes().flatMap((pid) => {
      const words = processWords(pid)
      const inside = host.netns !== undefined && words.netns === `net:[${host.netns}]`
      return inside || about(words.cgroup) || about(words.command) ? [`process ${pid} ${words.command}`] : []
    }),
    ...cgroupFolders()
      .filter(about)
      .map((path) => `cgroup ${path}`),
    ...execFileSync('ip', ['-brief', 'link'], { encoding: 'utf8' })
      .split('\n')
      .filter(about)
      .map((line) => `link ${line}`),
    ...['/run/systemd/nspawn/propagate', '/run/netns'].flatMap((folder) =>
      existsSync(folder)
        ? readdirSync(folder)
            .filter(about)
            .map((name) => `${folder}/${name}`)
        : [],
    ),
    ...(existsSync(host.dir) ? [`folder ${host.dir}: ${readdirSync(host.dir).join(' ')}`] : []),
  ]
}

function mountLines(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
}

function processes(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
}

/** Zombies are left out: process 1 of this machine may be slow to reap them, and they hold nothing. */
function processWords(pid: string): { cgroup: string; command: string; netns: string } {
  const read = (name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8')
    } catch {
      return ''
    }
  }
  if (/^State:\s*Z/m.test(read('status'))) return { cgroup: '', command: '', netns: '' }
  let netns = ''
  try {
    netns = readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    // Gone in the meantime.
  }
  return { cgroup: read('cgroup'), command: read('cmdline').replaceAll('\0', ' '), netns }
}

function cgroupFolders(): string[] {
  return execFileSync('find', ['/sys/fs/cgroup', '-type', 'd', '-name', 'pvlab-*', '-prune'], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
}
