import { expect, test } from 'vitest'
import { judge, networkIn, type RawHost, the, verdictsOf } from '../test-host/green.ts'
import { liveSubnetIsDeclared } from './live-subnet-is-declared.ts'

test('each declaration is judged by itself', () => {
  expect(verdictsOf(judge(liveSubnetIsDeclared))).toEqual([
    '/etc/nixos/swarm.nix: pass',
    'swarm-init.service: pass',
    'cat /etc/nixos/subnet: pass',
  ])
})

test('a network that was not recreated fails, whatever is declared', () => {
  const small = (host: RawHost) =>
    void Object.assign(networkIn(host, 'proxy').IPAM, { Config: [{ Subnet: '10.0.1.0/24' }] })
  expect(judge(liveSubnetIsDeclared, small)[0]).toMatchObject({
    verdict: 'fail',
    expected: '10.0.1.0/24, as live',
    actual: '10.10.0.0/16',
  })
})

test('a declaration that says something else fails alone', () => {
  const other = (host: RawHost) =>
    void Object.assign(the(the(host.declarations[2]).texts[0]), { stdout: '10.0.1.0/24\n' })
  expect(verdictsOf(judge(liveSubnetIsDeclared, other)).at(-1)).toBe('cat /etc/nixos/subnet: fail')
})

test('a declaration without a subnet fails', () => {
  const bare = (host: RawHost) =>
    void Object.assign(the(the(host.declarations[2]).texts[0]), { stdout: 'docker network create -d overlay proxy' })
  expect(judge(liveSubnetIsDeclared, bare).at(-1)).toMatchObject({
    verdict: 'fail',
    actual: expect.stringMatching(/^no subnet/),
  })
})

test('one that cannot be told is unknown, and never green', () => {
  const gone = (host: RawHost) =>
    void Object.assign(the(the(host.declarations[0]).texts[0]), { exitCode: 1, stdout: '', stderr: 'No such file' })
  expect(judge(liveSubnetIsDeclared, gone)[0]).toMatchObject({
    verdict: 'unknown',
    actual: 'exit code 1: No such file',
  })
})

test('no network is unknown, no declaration is n/a', () => {
  const renamed = (host: RawHost) => void Object.assign(networkIn(host, 'proxy'), { Name: 'web' })
  expect(judge(liveSubnetIsDeclared, renamed)[0]).toMatchObject({ verdict: 'unknown' })
  expect(judge(liveSubnetIsDeclared, undefined, { sharedNetwork: {} })[0]).toMatchObject({ verdict: 'n/a' })
})
