import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { labAsset } from '../../host/asset.ts'
import type { GuestFile } from '../../host/guest-files.ts'
import { swarmUnit, withoutSubnet } from './swarm-unit.ts'

const modulePath = '/etc/nixos/modules/swarm.nix'

/** Where the stacks' compose files lie on the host. */
export const stacksFolder = '/srv/lab/stacks'

/** The CI host's own files: the module that declares the Swarm, units, scripts, stacks. */
export function hostFiles(options: { readonly beforeFix: boolean }): readonly GuestFile[] {
  const plain = [...readTree(labAsset('guest/rootfs'), ''), ...readTree(labAsset('guest/stacks'), stacksFolder)]
  return plain.flatMap((file) => {
    if (file.path !== modulePath) return [file]
    const module = options.beforeFix ? withoutSubnet(file.content) : file.content
    return [{ path: modulePath, content: module }, ...swarmUnit(module)]
  })
}

function readTree(root: string, prefix: string): GuestFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile())
    .sort()
    .map((name) => {
      const content = readFileSync(join(root, name), 'utf8')
      return { path: `${prefix}/${name}`, content, mode: content.startsWith('#!') ? 0o755 : 0o644 }
    })
}
