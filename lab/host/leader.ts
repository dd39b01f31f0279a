import { PvcheckError } from '../../harness/core/errors.ts'
import { processesIn } from './cgroup.ts'
import { namespacePids } from './process.ts'
import type { LabRecord } from './record.ts'

/** The process that is PID 1 inside the host, or undefined. It changes when the host reboots, so it is not recorded. */
export async function findLeader(record: LabRecord): Promise<number | undefined> {
  const depth = (await namespacePids('self')).length
  const tree = record.cgroups.find((path) => path.tree)
  if (tree === undefined) return undefined
  for (const pid of await processesIn(tree.path)) {
    const ids = await namespacePids(pid)
    // Containers have a PID 1, too, one level further down.
    if (ids.length === depth + 1 && ids.at(-1) === 1) return pid
  }
  return undefined
}

/** The same; throws LAB_NOT_RUNNING. */
export async function leaderOf(record: LabRecord): Promise<number> {
  const leader = await findLeader(record)
  if (leader !== undefined) return leader
  throw new PvcheckError({
    code: 'LAB_NOT_RUNNING',
    seen: `the practice host ${record.name} has no process with id 1`,
    wanted: 'a booted host',
    remedy: `Remove it with "pvcheck lab down --name ${record.name}" and boot another with "pvcheck lab up".`,
    exit: 'blocked',
  })
}
