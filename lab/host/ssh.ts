import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shell } from 'zx/core'

export const sshConfigFile = 'ssh_config'

/** What the host must be given so that the keys in the lab's folder fit. */
export interface HostKeys {
  readonly hostKey: string
  readonly authorizedKey: string
}

/** Makes a key pair for the user and one for the host, and an ssh_config that knows the host beforehand. */
export async function createSsh(dir: string, address: string, $: Shell): Promise<HostKeys> {
  const [userKey, hostKey, knownHosts] = [join(dir, 'id_ed25519'), join(dir, 'host_key'), join(dir, 'known_hosts')]
  const generate = (file: string) => $`ssh-keygen -q -t ed25519 -N ${''} -C pvcheck-lab -f ${file}`
  await Promise.all([generate(userKey), generate(hostKey)])
  const hostPublic = (await readFile(`${hostKey}.pub`, 'utf8')).trim()
  await writeFile(knownHosts, `${address} ${hostPublic}\n`)
  await writeFile(join(dir, sshConfigFile), renderSshConfig({ address, userKey, knownHosts }))
  return { hostKey: await readFile(hostKey, 'utf8'), authorizedKey: await readFile(`${userKey}.pub`, 'utf8') }
}

/** Sharing one connection (ControlMaster) is left to the caller. */
export function renderSshConfig(lab: {
  readonly address: string
  readonly userKey: string
  readonly knownHosts: string
}): string {
  return `Host lab lab-operator
  HostName ${lab.address}
  IdentityFile ${quotePath(lab.userKey)}
  IdentitiesOnly yes
  UserKnownHostsFile ${quotePath(lab.knownHosts)}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
  ConnectTimeout 10

Host lab
  User root

Host lab-operator
  User operator
`
}

/** ssh expands %-tokens in these paths, and splits them at spaces unless quoted. */
function quotePath(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`
}
