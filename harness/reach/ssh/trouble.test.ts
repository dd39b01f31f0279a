import { expect, test } from 'vitest'
import { connectTimedOut, explainSsh } from './trouble.ts'

const to = { destination: 'host', port: undefined, sshConfigPath: undefined }

// As OpenSSH 9.2 says it with LC_ALL=C, unless marked otherwise.
test.each([
  ['pvcheck: 5: ssh: not found', 'REACH_SSH_MISSING'],
  ['ssh: Could not resolve hostname nope.invalid: Name or service not known', 'REACH_HOST_UNRESOLVABLE'],
  ['ssh: Could not resolve hostname nope.invalid: Temporary failure in name resolution', 'REACH_HOST_UNRESOLVABLE'],
  // macOS
  ['ssh: Could not resolve hostname nope: nodename nor servname provided, or not known', 'REACH_HOST_UNRESOLVABLE'],
  ['ssh: connect to host 198.51.100.6 port 2: Connection refused', 'REACH_SSH_REFUSED'],
  ['ssh: connect to host 198.51.100.6 port 22: Connection timed out', 'REACH_SSH_TIMEOUT'],
  ['ssh: connect to host 198.51.100.6 port 22: No route to host', 'REACH_SSH_TIMEOUT'],
  ['Connection timed out during banner exchange\r\nConnection to 198.51.100.6 port 22 timed out', 'REACH_SSH_TIMEOUT'],
  ['root@198.51.100.6: Permission denied (publickey).', 'REACH_SSH_KEY_REJECTED'],
  [
    'Received disconnect from 198.51.100.6 port 22:2: Too many authentication failures\nDisconnected from 198.51.100.6 port 22',
    'REACH_SSH_KEY_REJECTED',
  ],
  ['Host key verification failed.', 'REACH_SSH_HOST_KEY_UNKNOWN'],
  [
    'No ED25519 host key is known for 198.51.100.6 and you have requested strict checking.\r\nHost key verification failed.',
    'REACH_SSH_HOST_KEY_UNKNOWN',
  ],
  [
    [
      '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@',
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
      '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@',
      'IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!',
      'Offending ED25519 key in /home/me/.ssh/known_hosts:1',
      'Host key for 198.51.100.6 has changed and you have requested strict checking.',
      'Host key verification failed.',
    ].join('\r\n'),
    'REACH_SSH_HOST_KEY_CHANGED',
  ],
  [
    'Unable to negotiate with 198.51.100.6 port 22: no matching host key type found. Their offer: ssh-rsa',
    'REACH_SSH_NO_COMMON_METHOD',
  ],
  [
    'kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 198.51.100.6 port 22',
    'REACH_SSH_CLOSED',
  ],
  [
    'ssh: connect to host jump port 22: Connection refused\r\nkex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535',
    'REACH_SSH_REFUSED',
  ],
  [
    'root@jump: Permission denied (publickey).\r\nkex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535',
    'REACH_SSH_KEY_REJECTED',
  ],
  [
    '/home/me/.ssh/config: line 2: Bad configuration option: nosuchoption\r\n/home/me/.ssh/config: terminating, 1 bad configuration options',
    'REACH_SSH_CONFIG',
  ],
  ['Bad owner or permissions on /home/me/.ssh/config', 'REACH_SSH_CONFIG'],
  ["Can't open user config file /nowhere: No such file or directory", 'REACH_SSH_CONFIG'],
  ['something that nobody has seen yet', 'REACH_SSH_FAILED'],
  ['', 'REACH_SSH_FAILED'],
])('%j is %s', (stderr, code) => {
  expect(explainSsh(to, stderr).code).toBe(code)
})

test('the line that tells is shown, harmless', () => {
  const error = explainSsh(
    to,
    '\u001b[31mnoise\u001b[0m\nssh: connect to host a\u001b]0;x\u0007 port 2: Connection refused\r\n',
  )
  expect(error.seen).toContain('port 2: Connection refused')
  expect(error.seen).not.toMatch(/[\p{Cc}]/u)
})

test('a credential in what ssh says is not shown', () => {
  const error = explainSsh(to, 'proxy: connecting with password=hunter2-canary to socks5://me:hunter2-canary@proxy')
  expect(error.seen).not.toContain('hunter2-canary')
})

test('the remedy names the very connection', () => {
  const error = explainSsh(
    { destination: 'me@host', port: 2222, sshConfigPath: '/etc/my' },
    'Host key verification failed.',
  )
  expect(error.remedy).toContain('`ssh -F /etc/my -p 2222 me@host`')
  expect(error.seen).toContain('me@host, port 2222')
})

test('a deadline says how long was waited', () => {
  const error = connectTimedOut(to, 1500, '')
  expect([error.code, error.seen]).toEqual(['REACH_SSH_TIMEOUT', 'ssh to host was not through after 1500 ms'])
})
