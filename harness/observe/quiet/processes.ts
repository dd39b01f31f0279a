import type { ProcessesReading } from '../../model/facts/quiet/jobs.ts'
import type { Asker } from '../question.ts'

/** One `grep` for all: a process that ends meanwhile is skipped, and kernel threads have no command line to print. */
const script = `grep -a -H -s '' /proc/[0-9]*/cmdline /proc/[0-9]*/stat`

/**
 * Holds the command lines of the manager's processes against the configured patterns *here*: they are full of secrets,
 * and only what matches is saved, without its arguments.
 */
export async function askProcesses(asker: Asker, patterns: readonly string[]): Promise<ProcessesReading> {
  const { exitCode, stdout, truncated } = await asker.run(['sh', '-c', script])
  const processes = readProcesses(stdout)
  // Who does not see dockerd is in a container, may not see the processes of others, or is on another machine.
  if (truncated || !processes.some(({ words }) => words[0]?.includes('dockerd'))) {
    const why = `dockerd is not among the ${processes.length} processes that can be seen (exit code ${exitCode})`
    return { state: 'unread', why }
  }
  return { state: 'read', ...matchProcesses(processes, patterns) }
}

interface Process {
  readonly pid: number
  readonly parent: number
  readonly words: readonly string[]
}

export function readProcesses(stdout: string): readonly Process[] {
  const lines = new Map<number, string>()
  const parents = new Map<number, number>()
  for (const line of stdout.split('\n')) {
    const [, id, file, text = ''] = /^\/proc\/(\d+)\/(cmdline|stat):([\s\S]*)$/.exec(line) ?? []
    const pid = Number(id)
    if (file === 'cmdline') lines.set(pid, lines.has(pid) ? `${lines.get(pid)}\n${text}` : text)
    // Its name stands in brackets, and may hold any character: the parent is the second field behind the last bracket.
    else if (file === 'stat') parents.set(pid, Number(text.slice(text.lastIndexOf(')') + 1).split(' ')[2]))
  }
  return [...lines].map(([pid, text]) => ({
    pid,
    parent: parents.get(pid) ?? 0,
    words: text.replace(/\0+$/, '').split('\0'),
  }))
}

/** Leaves out pvcheck's own probes, and the pvcheck that sent them where it runs on the manager itself. */
export function matchProcesses(processes: readonly Process[], patterns: readonly string[]) {
  const own = ownProcesses(processes)
  const others = processes.filter(({ pid }) => !own.has(pid))
  const expressions = patterns.map((pattern) => ({ pattern, expression: new RegExp(pattern) }))
  const matches = others.flatMap(({ pid, words }) => {
    const line = words.join(' ')
    const found = expressions.find(({ expression }) => expression.test(line))
    return found === undefined ? [] : [{ pid, program: programOf(words), pattern: found.pattern }]
  })
  return { seen: others.length, matches }
}

/** A process may have written anything over its first word, too: only what stands before a blank is taken. */
function programOf([first = '']: readonly string[]): string {
  return first.split(/\s/)[0] ?? ''
}

function ownProcesses(processes: readonly Process[]): ReadonlySet<number> {
  const byPid = new Map(processes.map((process) => [process.pid, process]))
  const ancestors = ({ parent }: Process, seen: readonly number[] = []): readonly Process[] => {
    const found = seen.includes(parent) ? undefined : byPid.get(parent)
    return found === undefined ? [] : [found, ...ancestors(found, [...seen, parent])]
  }
  const own = new Set<number>()
  for (const process of processes) {
    const line = [process, ...ancestors(process)]
    const envelope = line.findIndex(isEnvelope)
    if (envelope < 0) continue
    // What it runs, and who started it: the processes of node that are in one line above it.
    const above = line.slice(envelope + 1)
    const stranger = above.findIndex(({ words }) => !/^(.*\/)?node\b/.test(words[0] ?? ''))
    const senders = stranger < 0 ? above : above.slice(0, stranger)
    for (const { pid } of [...line.slice(0, envelope + 1), ...senders]) own.add(pid)
  }
  return own
}

/** The shell around each command of pvcheck: `sh -c <script> pvcheck pvcheck-<mark> ...`. */
function isEnvelope({ words }: Process): boolean {
  return words.some((word, index) => word === 'pvcheck' && /^pvcheck-[0-9a-f]{16}$/.test(words[index + 1] ?? ''))
}
