import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'

/** A process that cannot be mistaken for a later one with the same id. */
export const processSchema = z.object({ pid: z.number().int(), startTicks: z.string() })
export type ProcessMark = z.infer<typeof processSchema>

/** Fields of /proc/<pid>/stat after the command name, which may itself hold spaces and brackets. */
async function statFields(pid: number): Promise<string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** The mark of a running process, or undefined if there is none (a zombie counts as none). */
export async function markProcess(pid: number): Promise<ProcessMark | undefined> {
  const fields = await statFields(pid)
  const [state, startTicks] = [fields?.[0], fields?.[19]]
  return startTicks === undefined || state === 'Z' || state === 'X' ? undefined : { pid, startTicks }
}

/** Whether it still runs: the same process, not a later one with its id. */
export async function isAlive(mark: ProcessMark): Promise<boolean> {
  return (await markProcess(mark.pid))?.startTicks === mark.startTicks
}

/** The process ids of `pid` in each nested namespace, outermost first; empty if it is gone. */
export async function namespacePids(pid: number | 'self'): Promise<number[]> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const ids = /^NSpid:\s*(.*)$/m.exec(status)?.[1]
  return ids === undefined ? [] : ids.trim().split(/\s+/).map(Number)
}

/** All process ids this process can see. */
export async function processIds(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
}

/** Sends SIGKILL to a process, or to a group by its negative id; one that is gone already is what was wanted. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
