import { PvcheckError } from '../../core/errors.ts'
import type { PublishedPorts } from '../../model/facts/routing/published-ports.ts'
import type { Asker } from '../question.ts'

type Ipvs = PublishedPorts['ipvs']

/** A module that is part of the kernel itself; NixOS keeps the list of those elsewhere. */
const builtIn =
  'cat "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null || ' +
  'cat "/run/booted-system/kernel-modules/lib/modules/$(uname -r)/modules.builtin"'

/** Whether the manager's kernel has what the routing mesh forwards by, or could load it. */
export async function askKernelForIpvs(asker: Asker): Promise<Ipvs> {
  try {
    const table = await asker.run(['test', '-r', '/proc/net/ip_vs'])
    if (table.exitCode === 0) return { state: 'present', how: '/proc/net/ip_vs is there' }
    const modprobe = await asker.run(['modprobe', '-n', '-q', 'ip_vs'])
    if (modprobe.exitCode === 0) return { state: 'present', how: 'modprobe finds the module ip_vs' }
    const modules = await asker.run(['sh', '-c', builtIn])
    if (/\/ip_vs\.ko/.test(modules.stdout)) return { state: 'present', how: 'ip_vs is built into the kernel' }
    if (modprobe.exitCode === 127 && modules.exitCode !== 0) {
      return { state: 'unknown', how: 'there is no modprobe, and no list of the modules that are built in' }
    }
    return { state: 'absent', how: 'there is no /proc/net/ip_vs, and neither a module ip_vs nor one that is built in' }
  } catch (error) {
    if (!(error instanceof PvcheckError && error.code === 'OBSERVE_NO_HOST')) throw error
    return { state: 'unknown', how: error.seen }
  }
}
