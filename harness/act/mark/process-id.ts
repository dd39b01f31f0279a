import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import { systemCode } from '../../core/file.ts'

/** One process among all that ever ran: a pid is given again, and other machines have the same. */
export const processIdSchema = z.strictObject({
  pid: z.number().int().positive(),
  /** Clock ticks from the start of the kernel to that of the process. */
  startTicks: z.number().int().nonnegative(),
  /** The kernel's own id for the time since it started. */
  bootId: z.string(),
  /** Within which the pid counts: a container has pids of its own. */
  pidNamespace: z.string(),
  host: z.string(),
})
export type ProcessId = z.infer<typeof processIdSchema>

/** `elsewhere`: on another machine, before a restart of this one, or nobody can tell. */
export type Fate = 'gone' | 'alive' | 'elsewhere'

/** Which process this is, or the one with that pid here. None where the kernel does not tell (it is no Linux), or has none. */
export async function processIdOf(pid: number = process.pid): Promise<ProcessId | undefined> {
  try {
    const [stat, { bootId, pidNamespace }] = await Promise.all([readStat(pid), surroundings()])
    return { pid, startTicks: stat.startTicks, bootId, pidNamespace, host: hostname() }
  } catch (error) {
    if (isNone(error)) return undefined
    throw error
  }
}

/** What has become of a process. Only what is certain is called `gone`. */
export async function fateOf(id: ProcessId | undefined): Promise<Fate> {
  if (id === undefined) return 'elsewhere'
  let here: { readonly bootId: string; readonly pidNamespace: string }
  try {
    here = await surroundings()
  } catch {
    return 'elsewhere'
  }
  if (here.bootId !== id.bootId || here.pidNamespace !== id.pidNamespace || hostname() !== id.host) return 'elsewhere'
  try {
    const { startTicks, state } = await readStat(id.pid)
    // Dead, and not yet noticed by its parent.
    const isOver = startTicks !== id.startTicks || state === 'Z' || state === 'X'
    return isOver ? 'gone' : 'alive'
  } catch (error) {
    return isNone(error) ? 'gone' : 'elsewhere'
  }
}

async function surroundings(): Promise<{ readonly bootId: string; readonly pidNamespace: string }> {
  const [bootId, pidNamespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readlink('/proc/self/ns/pid'),
  ])
  return { bootId: bootId.trim(), pidNamespace }
}

async function readStat(pid: number): Promise<{ readonly state: string; readonly startTicks: number }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name of the command stands in brackets, and may itself hold brackets and spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const startTicks = Number(fields[19])
  if (!Number.isSafeInteger(startTicks)) throw new Error(`/proc/${pid}/stat does not say when the process began`)
  return { state: fields[0] ?? '', startTicks }
}

/** `ESRCH`: it ended while it was being read. */
function isNone(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'ENOENT' || code === 'ESRCH'
}
