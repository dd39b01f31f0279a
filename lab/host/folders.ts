import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** What is kept between labs: root file systems and images, by the key of their recipe. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME } = process.env
  return join(absolute(XDG_CACHE_HOME) ?? join(homedir(), '.cache'), 'pvcheck', 'lab')
}

/** One folder for each lab, with its record, its keys and all that it writes (Docker's data included). */
export function labsFolder(): string {
  const { XDG_STATE_HOME } = process.env
  return join(absolute(XDG_STATE_HOME) ?? join(homedir(), '.local', 'state'), 'pvcheck', 'labs')
}

/** The XDG rules: a relative path is invalid, and counts as none. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined
}
