import { expect, test } from 'vitest'
import { destinationArgs, masterOptions } from './options.ts'

test('a destination cannot be taken for an option', () => {
  expect(destinationArgs({ destination: '-oProxyCommand=touch /tmp/x' })).toEqual(['--', '-oProxyCommand=touch /tmp/x'])
})

test('an address literal loses the brackets of its URL', () => {
  expect(destinationArgs({ destination: 'root@[fe80::1]', port: 2222, sshConfigPath: '/c' })).toEqual([
    '-F',
    '/c',
    '-p',
    '2222',
    '--',
    'root@fe80::1',
  ])
})

test('nothing is ever asked, and nothing of the user’s own forwardings comes along', () => {
  const options = masterOptions({ controlPath: '/c', connectTimeoutMs: 1200 })
  expect(options).toContain('BatchMode=yes')
  expect(options).toContain('ClearAllForwardings=yes')
  expect(options).toContain('ConnectTimeout=2')
})
