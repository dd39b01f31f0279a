import { join } from 'node:path'
import { replaceFile } from '../../harness/core/file.ts'
import type { Guest } from './guest.ts'
import type { LabMachine } from './machine.ts'

export const targetConfigFile = 'pvcheck.config.json'

type Intended = Pick<Guest, 'expectations' | 'http'>

/**
 * The configuration that verifies this host like any other, over ssh. It names the cluster, as a later practice host
 * may have the same address and must not be mistaken for this one. What it expects is what is intended: a host made
 * `beforeFix` is held against it, too, and found wanting.
 */
export function targetConfig(machine: LabMachine, clusterId: string, refreshMs: number, guest: Intended) {
  return {
    name: machine.name,
    target: {
      engine: 'ssh://lab',
      sshConfig: machine.sshConfig,
      cluster: clusterId,
      http: guest.http(machine),
    },
    expect: guest.expectations(machine, refreshMs),
  }
}

export async function writeTargetConfig(
  machine: LabMachine,
  clusterId: string,
  refreshMs: number,
  guest: Intended,
): Promise<void> {
  const config = targetConfig(machine, clusterId, refreshMs, guest)
  await replaceFile(join(machine.dir, targetConfigFile), `${JSON.stringify(config, null, 2)}\n`, 0o600)
}
