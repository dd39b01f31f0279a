import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A socket's path may have 107 bytes; ssh binds its control socket under a name 17 bytes longer than it ends up with. */
const longestBase = 60

/** A private (0700) folder for sockets, with a path short enough for them. */
export async function makeRuntimeDir(): Promise<string> {
  const base = tmpdir()
  return mkdtemp(join(Buffer.byteLength(base) > longestBase ? '/tmp' : base, 'pvcheck-'))
}
