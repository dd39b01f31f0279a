import { PvcheckError } from '../../core/errors.ts'
import { oneLine } from '../excerpt.ts'

/** The code of a Node error; `''` where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Node's words for it, without what it says about stacks. */
function wordsOf(error: unknown): string {
  const code = codeOf(error)
  const message = oneLine(error instanceof Error ? error.message : String(error))
  return message.includes(code) ? message : `${message}, ${code}`
}

/** The engine did not answer within its deadline. */
export function engineTimeout(
  what: string,
  label: string,
  timeoutMs: number,
  exit: 'blocked' | 'unknown',
): PvcheckError {
  return new PvcheckError({
    code: 'REACH_ENGINE_TIMEOUT',
    seen: `${what} at ${label} was not answered within ${timeoutMs} ms`,
    wanted: 'an answer within the deadline',
    remedy: 'Look at the load of the host and at dockerd; `target.timeoutSeconds` allows more time.',
    exit,
  })
}

/** The engine was there, and is gone or restarted. */
export function engineGone(label: string, seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'REACH_ENGINE_GONE',
    seen: `the engine at ${label} went away in mid-run: ${seen}`,
    wanted: 'one and the same dockerd for the whole run',
    remedy: 'What was asked until then stands, the rest is unknown: see what restarted dockerd, then run again.',
    exit: 'unknown',
    cause,
  })
}

/** What a request in mid-run ran into. */
export function goneBecause(label: string, what: string, error: unknown): PvcheckError {
  return engineGone(label, `${what} failed with ${wordsOf(error)}`, error)
}

/** Whether a request broke off before any of it was sent: nobody was reached. */
export function neverLeft({ cause }: Error): boolean {
  return (
    cause instanceof Error && 'syscall' in cause && (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo')
  )
}

/** A change was asked for, and no answer came; `because` says why. */
export function changeUncertain(because: PvcheckError): PvcheckError {
  return new PvcheckError({
    code: 'REACH_CHANGE_UNCERTAIN',
    seen: `${because.seen}; the change may have been made all the same`,
    wanted: 'an answer to the change that was asked for',
    remedy: `Look whether it was made before it is asked for again. ${because.remedy}`,
    exit: 'unknown',
    cause: because,
  })
}

/** Nobody to talk to. */
export function noDockerd(label: string, seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'REACH_NO_DOCKERD',
    seen: `there is no dockerd at ${label}: ${seen}`,
    wanted: 'a running dockerd',
    remedy: 'Start it (`systemctl start docker`), or correct the path in `target.engine` if its socket is elsewhere.',
    exit: 'blocked',
    cause,
  })
}

/** The socket is there, but not for this user. */
export function noPermission(label: string, user: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'REACH_SOCKET_DENIED',
    seen: `the user ${user} may not use the socket ${label}`,
    wanted: "permission to read and write the engine's socket",
    remedy:
      'Connect as a user in the group that owns the socket (`docker`, as a rule), or as root. Either is as good as root on that host.',
    exit: 'blocked',
    cause,
  })
}

/** Anything else that kept the first request from being answered. */
export function engineUnreachable(label: string, seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'REACH_ENGINE_UNREACHABLE',
    seen: `the engine at ${label} cannot be reached: ${seen}`,
    wanted: 'an answer to the first request',
    remedy: 'Check that dockerd runs there, and that its socket may be reached in this way.',
    exit: 'blocked',
    cause,
  })
}

/** Why a first request over tcp was not answered. */
export function explainTcp(label: string, error: unknown): PvcheckError {
  const code = codeOf(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new PvcheckError({
      code: 'REACH_HOST_UNRESOLVABLE',
      seen: `the host name in ${label} does not resolve (${code})`,
      wanted: 'a host name that resolves',
      remedy: 'Check the name in `target.engine`.',
      exit: 'blocked',
      cause: error,
    })
  }
  if (code === 'ECONNREFUSED') return noDockerd(label, 'the port refuses connections', error)
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|ERR_OSSL|^EPROTO$/.test(code)) {
    return new PvcheckError({
      code: 'REACH_TLS_FAILED',
      seen: `TLS with ${label} failed: ${wordsOf(error)}`,
      wanted:
        'an engine whose certificate the configured CA signed, and which accepts the configured client certificate',
      remedy: 'Check `target.tls` (ca, cert, key), the name in the server certificate and the dates of all three.',
      exit: 'blocked',
      cause: error,
    })
  }
  return engineUnreachable(label, wordsOf(error), error)
}

/** Why a first request at a local socket was not answered. */
export function explainSocket(label: string, error: unknown, user: string): PvcheckError {
  const code = codeOf(error)
  if (code === 'EACCES' || code === 'EPERM') return noPermission(label, user, error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return noDockerd(label, 'there is no such socket', error)
  if (code === 'ECONNREFUSED') return noDockerd(label, 'nobody listens at the socket', error)
  return engineUnreachable(label, wordsOf(error), error)
}

/** Somebody listens, but does not speak the Engine API. */
export function notDocker(label: string, seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'REACH_NOT_DOCKER',
    seen: `what listens at ${label} is not a Docker engine: ${seen}`,
    wanted: 'a Docker Engine API',
    remedy: 'Check `target.engine`: the path of the socket or the port, and for tcp whether the engine wants TLS.',
    exit: 'blocked',
    cause,
  })
}
