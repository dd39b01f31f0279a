import { describe, expect, test } from 'vitest'
import { hostFiles } from './host-files.ts'
import { scriptOf, withoutSubnet } from './swarm-unit.ts'

function contentOf(path: string, beforeFix = false): string {
  const file = hostFiles({ beforeFix }).find((candidate) => candidate.path === path)
  if (file === undefined) throw new Error(`no ${path}`)
  return file.content
}

function startScript(beforeFix: boolean): string {
  const path = /ExecStart=(\S+)/.exec(contentOf('/etc/systemd/system/swarm-init.service', beforeFix))?.[1]
  return contentOf(path ?? '', beforeFix)
}

describe('the files of the host', () => {
  test('declare the subnet in the module and in the script that the unit runs', () => {
    const create = 'docker network create --driver overlay --attachable --subnet 10.10.0.0/16 proxy'
    expect(contentOf('/etc/nixos/modules/swarm.nix')).toContain(create)
    expect(startScript(false)).toContain(create)
  })

  test('declare none before the fix', () => {
    const create = 'docker network create --driver overlay --attachable proxy'
    expect(contentOf('/etc/nixos/modules/swarm.nix', true)).toContain(create)
    expect(startScript(true)).toContain(create)
    expect(
      hostFiles({ beforeFix: true })
        .map(({ content }) => content)
        .join(),
    ).not.toContain('--subnet')
  })

  test('are executable where they are scripts', () => {
    const scripts = hostFiles({ beforeFix: false }).filter(({ content }) => content.startsWith('#!'))
    expect(scripts.map(({ path }) => path.split('/').at(-1))).toEqual([
      'swarm-init-start',
      'ci-docker-prune',
      'upgrade-all',
    ])
    expect(scripts.every(({ mode = 0 }) => (mode & 0o111) !== 0)).toBe(true)
  })

  test('never prune images in use or volumes', () => {
    expect(contentOf('/usr/local/bin/ci-docker-prune')).not.toMatch(/prune.*(--all|-a\b|--volumes)/)
  })
})

describe('a module', () => {
  test('gives up its script without the indentation', () => {
    expect(scriptOf("x = {\n    script = ''\n      if a; then\n        b\n      fi\n    '';\n}")).toBe(
      'if a; then\n  b\nfi\n',
    )
  })

  test('without a subnet cannot lose one', () => {
    expect(() => withoutSubnet('{ }')).toThrow('LAB_SWARM_MODULE_UNREADABLE')
  })
})
