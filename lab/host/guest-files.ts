import { chmod, chown, mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PvcheckError } from '../../harness/core/errors.ts'
import type { LabRecord } from './record.ts'
import type { HostKeys } from './ssh.ts'

export interface GuestFile {
  readonly path: string
  readonly content: string
  readonly mode?: number
}

/** What makes the shared root file system this one host. */
export function identityFiles(record: LabRecord, keys: HostKeys): GuestFile[] {
  return [
    { path: '/etc/machine-id', content: `${record.machineId}\n`, mode: 0o444 },
    { path: '/etc/hostname', content: `${record.name}\n` },
    { path: '/etc/hosts', content: `127.0.0.1 localhost\n127.0.1.1 ${record.name}\n` },
    // Nobody listens there, so a look-up fails at once. A server that drops packets costs Swarm 10-20 s a task.
    { path: '/etc/resolv.conf', content: 'nameserver 127.0.0.1\n' },
    { path: '/etc/ssh/ssh_host_ed25519_key', content: keys.hostKey, mode: 0o600 },
    {
      path: '/etc/ssh/sshd_config.d/lab.conf',
      content: [
        'HostKey /etc/ssh/ssh_host_ed25519_key',
        'PermitRootLogin prohibit-password',
        'PasswordAuthentication no',
        'UseDNS no',
        'GSSAPIAuthentication no',
        'UsePAM no',
        '',
      ].join('\n'),
    },
    { path: '/root/.ssh/authorized_keys', content: keys.authorizedKey, mode: 0o600 },
    // Read by sshd as the operator, so it lies where that user may read it.
    { path: '/home/operator/.ssh/authorized_keys', content: keys.authorizedKey, mode: 0o644 },
  ]
}

/** Writes files into a root file system that is not running. Throws LAB_PATH_ESCAPES rather than follow a link out. */
export async function writeGuestFiles(root: string, files: readonly GuestFile[]): Promise<void> {
  for (const file of files) {
    const target = join(root, file.path)
    await mkdir(dirname(target), { recursive: true })
    const parent = await realpath(dirname(target))
    if (parent !== root && !parent.startsWith(`${root}/`)) {
      throw new PvcheckError({
        code: 'LAB_PATH_ESCAPES',
        seen: `${file.path} leads out of the root file system, to ${parent}`,
        wanted: 'a path without links to other folders',
        remedy: 'Name the folder that the link points to.',
      })
    }
    await rm(target, { force: true })
    await writeFile(target, file.content)
    await chmod(target, file.mode ?? 0o644)
    await chown(target, 0, 0)
  }
}
