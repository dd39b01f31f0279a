import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { delegatingParent } from './cgroup.ts'
import { parseCgroupMounts, parseProcCgroup, placeOf } from './cgroup-text.ts'

const hybrid = `24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw
30 29 0:25 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
31 29 0:26 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
38 29 0:33 / /sys/fs/cgroup/systemd rw,relatime shared:9 - cgroup cgroup rw,name=systemd
39 29 0:34 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`
const pure = '29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n'

describe('the place of a cgroup', () => {
  test('is found in every hierarchy of a machine with cgroup v1 and an empty cgroup2', () => {
    const mounts = parseCgroupMounts(hybrid)
    const lines = parseProcCgroup('9:name=systemd:/a\n3:cpuset:/\n1:cpu:/b/c\n0::/d\n')
    expect(lines.map((line) => placeOf(line, mounts)?.path)).toEqual([
      '/sys/fs/cgroup/systemd/a',
      '/sys/fs/cgroup/cpuset',
      '/sys/fs/cgroup/cpu/b/c',
      '/sys/fs/cgroup/unified/d',
    ])
  })

  test('is found on a machine with nothing but cgroup2', () => {
    const [line] = parseProcCgroup('0::/user.slice/user-0.slice/session-3.scope\n')
    const place = line && placeOf(line, parseCgroupMounts(pure))
    expect(place?.path).toBe('/sys/fs/cgroup/user.slice/user-0.slice/session-3.scope')
    expect(place?.mount.unified).toBe(true)
  })

  test('is below the part that a mount shows, and at its top where the mount shows another part', () => {
    const mounts = parseCgroupMounts('39 29 0:34 /box /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n')
    expect(placeOf({ controllers: [], path: '/box/in/it' }, mounts)?.path).toBe('/sys/fs/cgroup/in/it')
    expect(placeOf({ controllers: [], path: '/elsewhere' }, mounts)?.path).toBe('/sys/fs/cgroup')
  })

  test('is unknown in a hierarchy that is not mounted', () => {
    expect(placeOf({ controllers: ['memory'], path: '/' }, parseCgroupMounts(hybrid))).toBeUndefined()
  })

  test('may have a colon in its path, and a mount a space', () => {
    expect(parseProcCgroup('0::/a:b/c\n')).toEqual([{ controllers: [], path: '/a:b/c' }])
    expect(parseCgroupMounts('1 2 0:3 / /my\\040cgroups rw - cgroup2 x rw\n')[0]?.path).toBe('/my cgroups')
  })
})

describe('the parent that hands controllers on', () => {
  let root: string
  const group = (path: string, delegated: string) => {
    mkdirSync(join(root, path), { recursive: true })
    writeFileSync(join(root, path, 'cgroup.subtree_control'), `${delegated}\n`)
    return join(root, path)
  }
  afterEach(() => rmSync(root, { recursive: true }))

  test('is the nearest one above a group that holds processes', async () => {
    root = mkdtempSync(join(tmpdir(), 'cgroup-'))
    group('.', 'cpu memory pids')
    const slice = group('user.slice', 'memory pids')
    group('user.slice/user-0.slice', '')
    expect(await delegatingParent(root, group('user.slice/user-0.slice/session.scope', ''))).toBe(slice)
  })

  test('is our own group where none above it does', async () => {
    root = mkdtempSync(join(tmpdir(), 'cgroup-'))
    group('.', '')
    const own = group('container', '')
    expect(await delegatingParent(root, own)).toBe(own)
  })
})
