import { expect, test } from 'vitest'
import { renderSshConfig } from './ssh.ts'

test('an ssh_config survives spaces and percent signs in the paths', () => {
  const config = renderSshConfig({ address: '198.51.100.2', userKey: '/a b/100%/key', knownHosts: '/k' })
  expect(config).toContain('IdentityFile "/a b/100%%/key"')
  expect(config).toContain('HostName 198.51.100.2')
})

test('an ssh_config trusts no host key but the recorded one, and never asks', () => {
  const config = renderSshConfig({ address: '198.51.100.2', userKey: '/key', knownHosts: '/known' })
  for (const line of [
    'StrictHostKeyChecking yes',
    'GlobalKnownHostsFile /dev/null',
    'BatchMode yes',
    'IdentitiesOnly yes',
  ])
    expect(config).toContain(line)
})
