import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labDown } from '../../lab.ts'

/**
 * A state folder for one test file, as other hosts on this machine are not its to see or to remove. The cache stays
 * the user's. Returns what takes it away again, with every host in it.
 */
export function ownStateHome(): { readonly labs: string; remove(): Promise<void> } {
  const { XDG_STATE_HOME: before } = process.env
  const folder = mkdtempSync(join(tmpdir(), 'pvlab-state-'))
  process.env['XDG_STATE_HOME'] = folder
  return {
    labs: join(folder, 'pvcheck', 'labs'),
    async remove() {
      await labDown({ which: 'all', progress: () => undefined })
      if (before === undefined) delete process.env['XDG_STATE_HOME']
      else process.env['XDG_STATE_HOME'] = before
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
