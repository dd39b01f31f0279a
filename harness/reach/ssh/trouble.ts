import { PvcheckError } from '../../core/errors.ts'
import { excerptOf, oneLine } from '../excerpt.ts'
import { quoteCommand } from '../host/quote.ts'
import type { SshDestination } from './options.ts'

interface Kind {
  readonly code: string
  /** Tried in order on each line of stderr; the first kind that matches any line is the cause. */
  readonly matches: RegExp
  readonly wanted: string
  readonly remedy: (command: string) => string
  readonly exit?: 'usage'
}

const kinds: readonly Kind[] = [
  {
    code: 'REACH_SSH_MISSING',
    matches: /^pvcheck: \d+: ssh: not found|ssh: command not found/,
    wanted: 'the OpenSSH client on this machine',
    remedy: () => 'Install it (`apt-get install openssh-client`, say), then run again.',
  },
  {
    code: 'REACH_SSH_CONFIG',
    matches:
      /Bad configuration option|Bad owner or permissions|Can't open user config file|unsupported option|keyword .* extra arguments|line \d+: .*(?:argument|Invalid|invalid|[Mm]issing)/,
    wanted: 'an ssh configuration that ssh can read',
    remedy: (command) => `Mend the line that ssh names; \`${command}\` shows the same complaint.`,
    exit: 'usage',
  },
  {
    code: 'REACH_HOST_UNRESOLVABLE',
    matches:
      /Could not resolve hostname|Name or service not known|nodename nor servname|Temporary failure in name resolution/,
    wanted: 'a host name that resolves',
    remedy: (command) =>
      `Check the name in \`target.engine\` and the \`HostName\` of your ssh configuration; \`${command}\` must work.`,
  },
  {
    code: 'REACH_SSH_HOST_KEY_CHANGED',
    matches: /^Host key for .* has changed|REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY|Host key .* revoked/,
    wanted: 'the host key that your known_hosts file has for it',
    remedy: () =>
      'Find out first why it changed: a rebuilt host, or somebody in between. Only then replace it, with `ssh-keygen -R <host>` and one ssh by hand.',
  },
  {
    code: 'REACH_SSH_HOST_KEY_UNKNOWN',
    matches: /^Host key verification failed|^No .* host key is known for/,
    wanted: 'a host key that your known_hosts file knows',
    remedy: (command) =>
      `Run \`${command}\` once by hand and compare the fingerprint it shows with the one on the host; pvcheck never accepts a key by itself.`,
  },
  {
    code: 'REACH_SSH_KEY_REJECTED',
    matches:
      /Permission denied \(|Too many authentication failures|No supported authentication methods|Permission denied, please try again/,
    wanted: 'a key that the host accepts, without a question',
    remedy: (command) =>
      `Make \`${command}\` work without a question: the right user, the key in its authorized_keys, and \`ssh-add\` where the key has a passphrase.`,
  },
  {
    code: 'REACH_SSH_TIMEOUT',
    matches:
      /Connection timed out|Operation timed out|No route to host|Network is unreachable|Timeout, server .* not responding|timed out during banner/,
    wanted: 'an answer from sshd within the deadline',
    remedy: (command) => `Check that the host is up and that no firewall drops the way; \`${command}\` must work.`,
  },
  {
    code: 'REACH_SSH_REFUSED',
    matches: /Connection refused/,
    wanted: 'an sshd that listens',
    remedy: () => 'Check the port in `target.engine` or in your ssh configuration, and that sshd runs on the host.',
  },
  {
    code: 'REACH_SSH_NO_COMMON_METHOD',
    matches: /Unable to negotiate|no matching (?:host key type|cipher|key exchange method|MAC) found/,
    wanted: 'an ssh method that both sides know',
    remedy: (command) =>
      `Run \`${command}\` and see which method is missing; allow it for this host in your ssh configuration.`,
  },
  {
    code: 'REACH_SSH_CLOSED',
    matches:
      /Connection (?:reset|closed) by|kex_exchange_identification|banner|Broken pipe|Received disconnect|Bad packet length/,
    wanted: 'an sshd that lets a connection come up',
    remedy: (command) =>
      `See what sshd on the host logs about it (MaxStartups, AllowUsers, a full disk); \`${command} -v\` shows how far it gets.`,
  },
]

/** Why no connection came up, from what ssh said (LC_ALL=C). */
export function explainSsh(to: SshDestination, stderr: string): PvcheckError {
  const lines = stderr.split('\n').map((line) => line.trimEnd())
  for (const kind of kinds) {
    const line = lines.findLast((candidate) => kind.matches.test(candidate))
    if (line === undefined) continue
    return problem(kind, to, `ssh to ${shown(to)} failed: ${oneLine(line)}`)
  }
  return new PvcheckError({
    code: 'REACH_SSH_FAILED',
    seen: `ssh to ${shown(to)} failed${excerptOf(stderr)}`,
    wanted: 'an ssh connection that comes up without a question',
    remedy: `Make \`${commandFor(to)}\` work without a question, then run again.`,
    exit: 'blocked',
  })
}

/** ssh was neither through nor done when the deadline came. */
export function connectTimedOut(to: SshDestination, timeoutMs: number, stderr: string): PvcheckError {
  const kind = kinds.find(({ code }) => code === 'REACH_SSH_TIMEOUT')
  const seen = `ssh to ${shown(to)} was not through after ${timeoutMs} ms${excerptOf(stderr)}`
  return kind === undefined ? explainSsh(to, stderr) : problem(kind, to, seen)
}

function problem(kind: Kind, to: SshDestination, seen: string): PvcheckError {
  const { code, wanted } = kind
  return new PvcheckError({ code, seen, wanted, remedy: kind.remedy(commandFor(to)), exit: kind.exit ?? 'blocked' })
}

function shown({ destination, port }: SshDestination): string {
  return port === undefined ? destination : `${destination}, port ${port}`
}

function commandFor({ destination, port, sshConfigPath }: SshDestination): string {
  const config = sshConfigPath === undefined ? [] : ['-F', sshConfigPath]
  return quoteCommand(['ssh', ...config, ...(port === undefined ? [] : ['-p', String(port)]), destination])
}
