import { createHash } from 'node:crypto'
import { PvcheckError } from '../../../harness/core/errors.ts'

const declaredSubnet = ' --subnet 10.10.0.0/16'

/** The module as it stood before the fix: no word of a subnet, so that Swarm took the next /24 of its pool. */
export function withoutSubnet(module: string): string {
  if (!module.includes(declaredSubnet)) throw unreadable(`no "${declaredSubnet.trim()}" in swarm.nix`)
  return module.replace(declaredSubnet, '')
}

/** The script inside a NixOS module, without the indentation that Nix strips as well. */
export function scriptOf(module: string): string {
  const body = /script = ''\n([\s\S]*?)\n\s*'';/.exec(module)?.[1]
  if (body === undefined) throw unreadable('no script in swarm.nix')
  const lines = body.split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/))
  const indent = Math.min(...indents)
  return `${lines.map((line) => line.slice(indent)).join('\n')}\n`
}

/** The unit and its script, where NixOS would put them when it is switched to this module. */
export function swarmUnit(module: string): readonly { path: string; content: string; mode?: number }[] {
  const script = `#!/bin/bash\nset -e\n${scriptOf(module)}`
  const hash = createHash('sha256').update(script).digest('hex').slice(0, 32)
  const start = `/nix/store/${hash}-unit-script-swarm-init-start/bin/swarm-init-start`
  const unit = `[Unit]
After=docker.service
ConditionPathExists=/etc/swarm-init.env
Description=Single-node Swarm and the network that all stacks share
Requires=docker.service

[Service]
EnvironmentFile=/etc/swarm-init.env
ExecStart=${start}
RemainAfterExit=true
Type=oneshot
`
  return [
    { path: start, content: script, mode: 0o555 },
    { path: '/etc/systemd/system/swarm-init.service', content: unit },
  ]
}

function unreadable(seen: string): PvcheckError {
  return new PvcheckError({
    code: 'LAB_SWARM_MODULE_UNREADABLE',
    seen,
    wanted: 'the module that declares the shared network',
    remedy: 'Put lab/guest/rootfs/etc/nixos/modules/swarm.nix back as it was.',
  })
}
