import { $, type Shell } from 'zx/core'

/** The caller's PATH, and the folders that `su` and cron leave out. */
export function toolFolders(): string[] {
  const { PATH = '' } = process.env
  return [...new Set([...PATH.split(':'), '/usr/local/sbin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'])].filter(Boolean)
}

/** The environment for the machine's own tools. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: toolFolders().join(':'), DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
}

/**
 * zx without echo; a signal that aborts ends the command. Arguments are quoted by zx, so nothing is injected.
 * Detached: a Ctrl-C to the whole group is for us to handle, not for a command of ours in the middle of its work.
 */
export function shell(signal?: AbortSignal, environment: Readonly<Record<string, string>> = {}): Shell {
  return $({
    quiet: true,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...toolEnvironment(), ...environment },
    ...(signal === undefined ? {} : { signal }),
  })
}
