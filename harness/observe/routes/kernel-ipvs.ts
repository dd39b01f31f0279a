import { PvcheckError } from '../../core/errors.ts'
import type { PublishedPorts } from '../../model/facts/routing/published-ports.ts'
import type { Asker } from '../question.ts'

type Ipvs = PublishedPorts['ipvs']

/** Whether the manager's kernel has what the routing mesh forwards by, or could load it. */
export async function askKernelForIpvs(asker: Asker): Promise<Ipvs> {
  try {
    const table = await asker.run(['test', '-r', '/proc/net/ip_vs'])
    if (table.exitCode === 0) return { state: 'present', how: '/proc/net/ip_vs is there' }
    const modules = await asker.run(['test', '-e', '/proc/modules'])
    // What is built in shows its table from the start.
    if (modules.exitCode !== 0) {
      return { state: 'absent', how: 'there is no /proc/net/ip_vs, and the kernel loads no modules (no /proc/modules)' }
    }
    const modprobe = await asker.run(['modprobe', '-n', '-q', 'ip_vs'])
    if (modprobe.exitCode === 0) return { state: 'present', how: 'modprobe finds the module ip_vs' }
    if (modprobe.exitCode === 127) return { state: 'unknown', how: 'there is no modprobe to look for the module ip_vs' }
    return { state: 'absent', how: 'there is no /proc/net/ip_vs, and modprobe finds no module ip_vs' }
  } catch (error) {
    if (!(error instanceof PvcheckError && error.code === 'OBSERVE_NO_HOST')) throw error
    return { state: 'unknown', how: error.seen }
  }
}
