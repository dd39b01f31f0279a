import { $, type Shell } from 'zx/core'

/** zx without echo; a signal that aborts ends the command. Arguments are quoted by zx, so nothing is injected. */
export function shell(signal?: AbortSignal): Shell {
  return $({ quiet: true, stdio: ['ignore', 'pipe', 'pipe'], ...(signal === undefined ? {} : { signal }) })
}
