import { expect, test } from 'vitest'
import { quietJobs } from '../../model/facts/quiet/jobs.ts'
import { openReader } from '../routes/testing/outside.ts'
import { matchProcesses, readProcesses } from './processes.ts'

interface Line {
  readonly pid: number
  readonly parent?: number
  readonly words: readonly string[]
}

/** As one `grep` over /proc prints it. */
function printed(...lines: readonly Line[]): string {
  return lines
    .flatMap(({ pid, parent = 1, words }) => [
      ...`${words.join('\0')}\0`.split('\n').map((text) => `/proc/${pid}/cmdline:${text}`),
      `/proc/${pid}/stat:${pid} (a) b) S ${parent} 1 1 0 -1`,
    ])
    .join('\n')
}

const match = (patterns: string[], ...lines: readonly Line[]) =>
  matchProcesses(readProcesses(printed(...lines)), patterns)
const init = { pid: 1, parent: 0, words: ['/usr/lib/systemd/systemd', '--system'] }

test('whole command lines are matched, and arguments are left behind', () => {
  const upgrade = { pid: 7, words: ['/bin/bash', '/opt/upgrade-all.sh', '--token', 's3cret'] }
  expect(match(['upgrade-all\\.sh --token'], init, upgrade)).toEqual({
    seen: 2,
    matches: [{ pid: 7, program: '/bin/bash', pattern: 'upgrade-all\\.sh --token' }],
  })
  expect(match(['^upgrade-all'], init, upgrade).matches).toEqual([])
})

test('a process that wrote over its words, and one with a line break among them, are read', () => {
  const titled = { pid: 8, words: ['postgres: owner s3cret 10.0.0.1 idle'] }
  expect(match(['idle$'], init, titled).matches).toEqual([{ pid: 8, program: 'postgres:', pattern: 'idle$' }])
  const script = { pid: 9, words: ['sh', '-c', 'echo\n/proc/7/cmdline:upgrade\nupgrade'] }
  expect(readProcesses(printed(script))).toEqual([{ pid: 9, parent: 1, words: script.words }])
})

test('a kernel thread has no command line', () => {
  expect(readProcesses('/proc/2/stat:2 (kthreadd) S 0 0 0 0 -1')).toEqual([])
})

const mark = 'pvcheck-0123456789abcdef'
const probe = [
  { pid: 20, parent: 19, words: ['sh', '-c', 'script', 'pvcheck', mark, '15', '', 'sh', '-c', 'grep'] },
  { pid: 21, parent: 20, words: ['timeout', '-k', '2', '16', 'sh', '-c', 'grep'] },
  { pid: 22, parent: 21, words: ['sh', '-c', 'grep'] },
]

test('neither our own probe nor the pvcheck that sent it counts, but whoever started that does', () => {
  const sender = [
    { pid: 17, words: ['/bin/bash', 'upgrade-all.sh', 'grep'] },
    { pid: 18, parent: 17, words: ['node', '/usr/bin/pvcheck', 'grep'] },
    { pid: 19, parent: 18, words: ['/usr/bin/node', 'worker', 'grep'] },
  ]
  const stranger = { pid: 30, words: ['grep', 'x'] }
  const { seen, matches } = match(['grep'], init, ...sender, ...probe, stranger)
  expect(matches.map(({ pid }) => pid)).toEqual([17, 30])
  expect(seen).toBe(3)
})

test('another node that happens to run counts', () => {
  const other = { pid: 40, words: ['node', 'grep'] }
  expect(match(['grep'], init, { pid: 19, words: ['sshd: root'] }, ...probe, other).matches).toHaveLength(1)
})

test('what is saved holds no command line, and whoever does not see dockerd has seen nothing', async () => {
  const dockerd = { pid: 50, words: ['/usr/sbin/dockerd', '--label=s3cret'] }
  const wanted = { quiet: { processes: ['dockerd'] } }
  const ask = async (...lines: readonly Line[]) => {
    const { reader, saved } = openReader({ wanted, host: () => ({ stdout: printed(...lines) }) })
    const { value } = await reader.read(quietJobs)
    return { value, saved: JSON.stringify(saved) }
  }
  const seen = await ask(init, dockerd)
  expect(seen.value).toEqual({
    processes: { state: 'read', seen: 2, matches: [{ pid: 50, program: '/usr/sbin/dockerd', pattern: 'dockerd' }] },
  })
  expect(seen.saved).not.toContain('s3cret')
  expect((await ask(init)).value).toMatchObject({ processes: { state: 'unread' } })
})
