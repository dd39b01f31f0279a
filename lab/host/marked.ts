import { readFile } from 'node:fs/promises'
import { endProcesses } from './end-processes.ts'
import { processIds } from './process.ts'

const variable = 'PVCHECK_LAB_ID'

/**
 * What the commands that create parts of a host carry in their environment: when `lab up` is killed, they go on, and
 * whoever removes the host must end them first.
 */
export function markOf(id: string): Readonly<Record<string, string>> {
  return { [variable]: id }
}

/** Ends the commands that still create parts of a host; done when there are none. */
export async function killMarked(id: string): Promise<void> {
  await endProcesses(() => markedProcesses(id), `the commands that create ${id}`)
}

async function markedProcesses(id: string): Promise<number[]> {
  const marked = await Promise.all(
    (await processIds()).map(async (pid) => {
      // A process that ends meanwhile, and a zombie, have no environment.
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      return environment.split('\0').includes(`${variable}=${id}`) ? [pid] : []
    }),
  )
  return marked.flat()
}
