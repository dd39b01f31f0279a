import { describe, expect, test } from 'vitest'
import type { Declaration } from '../../model/expectations.ts'
import { declaredSubnets, describeDeclared } from './declared-subnets.ts'

const answer = (stdout: string, fields: object = {}) => ({
  what: 'x',
  exitCode: 0,
  stderr: '',
  truncated: false,
  stdout,
  ...fields,
})

function read(source: Declaration, ...texts: readonly string[]): string {
  return describeDeclared(declaredSubnets({ source, texts: texts.map((text) => answer(text)) }, 'proxy'))
}
const script = (text: string) => read({ kind: 'file', path: '/usr/local/bin/init' }, text)
const nix = (text: string) => read({ kind: 'file', path: '/etc/nixos/swarm.nix' }, text)
const unit = (...texts: readonly string[]) => read({ kind: 'unit', unit: 'swarm-init.service' }, ...texts)
const command = (text: string) => read({ kind: 'command', argv: ['x'] }, text)

describe('a shell script', () => {
  test.each([
    ['one line', 'docker network create --driver overlay --attachable --subnet 10.10.0.0/16 proxy'],
    ['an equals sign', 'docker network create -d overlay --subnet=10.10.0.0/16 proxy'],
    ['the name first', 'docker network create proxy -d overlay --subnet 10.10.0.0/16'],
    ['line continuations', 'docker network create \\\n  --driver overlay \\\n  --subnet 10.10.0.0/16 \\\n  proxy'],
    ['quotes', `docker network create --subnet "10.10.0.0/16" 'proxy'`],
    [
      'a guard before it',
      'docker network inspect proxy >/dev/null 2>&1 || docker network create --subnet 10.10.0.0/16 proxy',
    ],
    [
      'an if around it',
      'if ! docker network inspect proxy; then docker network create --subnet 10.10.0.0/16 proxy 2>/dev/null; fi',
    ],
    ['variables', `NET=proxy\nexport SUBNET="10.10.0.0/16"\ndocker network create --subnet "$SUBNET" \${NET}`],
    ['a variable of variables', 'A=10.10.0.0\nB=$A/16\ndocker network create --subnet $B proxy'],
    ['a full path and sudo', 'sudo /usr/bin/docker network create --subnet 10.10.0.0/16 proxy'],
    ['options before the command', 'docker --host unix:///x network create --subnet 10.10.0.0/16 proxy'],
    [
      'labels with words in them',
      `docker network create --label "note=--subnet 10.0.1.0/24" -o x=y --subnet 10.10.0.0/16 proxy`,
    ],
    [
      'a comment with another',
      '# docker network create --subnet 10.0.1.0/24 proxy\ndocker network create --subnet 10.10.0.0/16 proxy # not 10.0.1.0/24',
    ],
    [
      'words that only look so',
      'echo docker network create --subnet 10.0.1.0/24 proxy\ndocker network create --subnet 10.10.0.0/16 proxy',
    ],
    [
      'a here-document',
      'cat <<EOF\ndocker network create --subnet 10.0.1.0/24 proxy\nEOF\ndocker network create --subnet 10.10.0.0/16 proxy',
    ],
    [
      'another network beside',
      'docker network create --subnet 10.0.1.0/24 other; docker network create --subnet 10.10.0.0/16 proxy',
    ],
    [
      'the same one twice',
      'docker network create --subnet 10.10.0.0/16 proxy || docker network create --subnet 10.10.0.0/16 proxy',
    ],
    ['a shell within', `bash -euc 'docker network create --subnet 10.10.0.0/16 proxy'`],
  ])('with %s declares it', (_, text) => {
    expect(script(text)).toBe('10.10.0.0/16')
  })

  test.each([
    ['no create', 'docker swarm init'],
    ['the create of another network', 'docker network create --subnet 10.10.0.0/16 other'],
    ['a comment alone', '# docker network create --subnet 10.10.0.0/16 proxy'],
    ['an echo alone', 'echo docker network create --subnet 10.10.0.0/16 proxy'],
    ['a subnet from outside', 'docker network create --subnet "$SUBNET" proxy'],
    ['a subnet with a default', `docker network create --subnet "\${SUBNET:-10.10.0.0/16}" proxy`],
    ['a subnet from a command', 'docker network create --subnet $(cat /etc/subnet) proxy'],
    ['a subnet that is set twice', 'S=10.10.0.0/16\nS=10.0.1.0/24\ndocker network create --subnet $S proxy'],
    ['a name from outside', 'docker network create --subnet 10.10.0.0/16 "$1"'],
    [
      'two ways',
      'test -e x && docker network create --subnet 10.0.1.0/24 proxy || docker network create --subnet 10.10.0.0/16 proxy',
    ],
    ['a subnet that is none', 'docker network create --subnet big proxy'],
    ['nothing', ''],
  ])('with %s is unresolved', (_, text) => {
    expect(declaredSubnets({ source: { kind: 'file', path: '/x' }, texts: [answer(text)] }, 'proxy')).toMatchObject({
      kind: 'unresolved',
    })
  })

  test('without a subnet it declares that the Swarm picks one', () => {
    expect(script('docker network create -d overlay --attachable proxy')).toMatch(/^no subnet/)
  })

  test('several subnets are all declared', () => {
    expect(script('docker network create --subnet 10.10.0.0/16 --subnet 10.11.0.0/16 proxy')).toBe(
      '10.10.0.0/16, 10.11.0.0/16',
    )
  })
})

describe('a Nix file', () => {
  const module = (body: string, head = '') =>
    `{ config, pkgs, ... }:\n${head}{\n  systemd.services.swarm-init.script = ''\n${body}\n  '';\n}\n`

  test.each([
    [
      'an indented string',
      module(`    \${pkgs.docker}/bin/docker network create --driver overlay \\\n      --subnet 10.10.0.0/16 proxy`),
    ],
    ['a let binding', module(`docker network create --subnet \${subnet} proxy`, 'let subnet = "10.10.0.0/16"; in ')],
    [
      'a binding for the program',
      module(`\${docker} network create --subnet 10.10.0.0/16 proxy`, `let docker = "\${pkgs.docker}/bin/docker"; in `),
    ],
    [
      'comments of Nix',
      module(
        `docker network create --subnet \${s} proxy`,
        'let # s = "10.0.1.0/24";\n /* s = "10.0.2.0/24"; */ s = "10.10.0.0/16"; in ',
      ),
    ],
    [
      'comments of the shell',
      module('# docker network create --subnet 10.0.1.0/24 proxy\ndocker network create --subnet 10.10.0.0/16 proxy'),
    ],
    ['a variable of the shell', module(`S=10.10.0.0/16\ndocker network create --subnet ''\${S} proxy`)],
    ['a plain string', '{ script = "docker network create --subnet 10.10.0.0/16 proxy"; }'],
  ])('with %s declares it', (_, text) => {
    expect(nix(text)).toBe('10.10.0.0/16')
  })

  test.each([
    ['an option', module(`docker network create --subnet \${config.swarm.subnet} proxy`)],
    ['an argument', `{ subnet ? "10.10.0.0/16" }:\n${module(`docker network create --subnet \${subnet} proxy`)}`],
    [
      'two bindings of one name',
      module(`docker network create --subnet \${s} proxy`, 'let s = "10.10.0.0/16"; t = { s = "10.0.1.0/24"; }; in '),
    ],
    ['a joined string', '{ script = "docker network create proxy" + " --subnet " + subnet; }'],
    ['a create that is commented out', '{\n# script = "docker network create --subnet 10.10.0.0/16 proxy";\n}'],
  ])('with %s is unresolved', (_, text) => {
    const declared = declaredSubnets(
      { source: { kind: 'file', path: '/etc/nixos/swarm.nix' }, texts: [answer(text)] },
      'proxy',
    )
    expect(declared).toMatchObject({ kind: 'unresolved' })
  })
})

describe('a unit', () => {
  const withStart = (...lines: readonly string[]) =>
    `# /etc/systemd/system/swarm-init.service\n[Unit]\nDescription=docker network create --subnet 10.0.9.0/24 proxy\n[Service]\nType=oneshot\n${lines.join('\n')}\n`

  test.each([
    ['the command itself', [withStart('ExecStart=-/usr/bin/docker network create --subnet 10.10.0.0/16 proxy')]],
    ['a continued line', [withStart('ExecStart=/usr/bin/docker network create \\', '  --subnet 10.10.0.0/16 proxy')]],
    ['a shell', [withStart(`ExecStart=/bin/sh -c 'docker network create --subnet 10.10.0.0/16 proxy'`)]],
    [
      'its environment',
      [withStart('Environment="S=10.10.0.0/16"', `ExecStart=/usr/bin/docker network create --subnet \${S} proxy`)],
    ],
    [
      'a commented line',
      [
        withStart(
          '#ExecStart=/usr/bin/docker network create --subnet 10.0.1.0/24 proxy',
          'ExecStart=/usr/bin/docker network create --subnet 10.10.0.0/16 proxy',
        ),
      ],
    ],
    [
      'a drop-in that starts anew',
      [
        `${withStart('ExecStart=/usr/bin/docker network create --subnet 10.0.1.0/24 proxy')}\n# drop-in\n[Service]\nExecStart=\nExecStart=/usr/bin/docker network create --subnet 10.10.0.0/16 proxy\n`,
      ],
    ],
    [
      'a script',
      [
        withStart('ExecStart=/nix/store/x/bin/swarm-init-start'),
        '#!/bin/sh\ndocker network create --subnet 10.10.0.0/16 proxy\n',
      ],
    ],
    [
      'a script and a binary',
      [
        withStart('ExecStart=/bin/bash /x'),
        '\u007fELF\0docker network create --subnet 10.0.1.0/24 proxy',
        'docker network create --subnet 10.10.0.0/16 proxy',
      ],
    ],
  ])('with %s declares it', (_, texts) => {
    expect(unit(...texts)).toBe('10.10.0.0/16')
  })

  test('that is not there is unresolved, with what systemd says', () => {
    const texts = [answer('', { exitCode: 1, stderr: 'No files found for swarm-init.service.\n' })]
    expect(declaredSubnets({ source: { kind: 'unit', unit: 'swarm-init.service' }, texts }, 'proxy')).toEqual({
      kind: 'unresolved',
      why: 'exit code 1: No files found for swarm-init.service.',
    })
  })
})

describe('a command', () => {
  test.each([
    ['the subnet', '10.10.0.0/16\n'],
    ['the subnet as JSON', '"10.10.0.0/16"\n'],
    ['a script as JSON', '"docker network create \\\\\\n --subnet 10.10.0.0/16 proxy\\n"'],
  ])('that prints %s declares it', (_, text) => {
    expect(command(text)).toBe('10.10.0.0/16')
  })

  test('that prints several subnets declares them all', () => {
    expect(command('10.10.0.0/16 10.11.0.0/16')).toBe('10.10.0.0/16, 10.11.0.0/16')
  })

  test.each([
    ['an address', '10.10.0.1'],
    ['a subnet that is none', '10.10.0.0/99'],
    ['nothing', '\n'],
  ])('that prints %s is unresolved', (_, text) => {
    expect(declaredSubnets({ source: { kind: 'command', argv: ['x'] }, texts: [answer(text)] }, 'proxy')).toMatchObject(
      { kind: 'unresolved' },
    )
  })

  test('that fails or says too much is unresolved', () => {
    for (const fields of [{ exitCode: 1 }, { truncated: true }]) {
      const texts = [answer('10.10.0.0/16', fields)]
      expect(declaredSubnets({ source: { kind: 'command', argv: ['x'] }, texts }, 'proxy')).toMatchObject({
        kind: 'unresolved',
      })
    }
  })
})
