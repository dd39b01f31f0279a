import { readlink, stat } from 'node:fs/promises'
import { endProcesses } from './end-processes.ts'
import { namespaceFile } from './network.ts'
import { markProcess, processIds } from './process.ts'

/**
 * Ends what is still inside a host's network namespace, and waits until it is gone: a command sent in from outside is in
 * none of the host's cgroups, and one that was killed a moment ago holds the namespace until it has ended.
 */
export async function killInside(dir: string): Promise<void> {
  const inode = await stat(namespaceFile(dir)).then(
    ({ ino }) => ino,
    // Not made yet, or removed already: then nobody is in it.
    () => undefined,
  )
  if (inode === undefined) return
  await endProcesses(() => processesIn(`net:[${inode}]`), `the last process in ${dir}`)
}

async function processesIn(namespace: string): Promise<number[]> {
  const inside = await Promise.all(
    (await processIds()).map(async (pid) => {
      // Gone in the meantime, or a zombie, which holds nothing.
      const link = await readlink(`/proc/${pid}/ns/net`).catch(() => '')
      return link === namespace && (await markProcess(pid)) !== undefined ? [pid] : []
    }),
  )
  return inside.flat()
}
