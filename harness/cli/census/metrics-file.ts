import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf, PvcheckError } from '../../core/errors.ts'
import { replaceFile } from '../../core/file.ts'

/** Before anything is asked of a host. Throws `CENSUS_METRICS_UNWRITABLE`. */
export async function proveWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unwritable(path, error)
  }
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) throw unwritable(path, new Error('it is a folder'))
}

/**
 * Puts the metrics at `path`, whole or not at all, and for everybody to read: the node exporter is another user. Throws
 * `CENSUS_METRICS_UNWRITABLE`.
 */
export async function writeMetrics(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text, 0o644, { isExact: true })
  } catch (error) {
    throw unwritable(path, error)
  }
}

function unwritable(path: string, error: unknown): PvcheckError {
  return new PvcheckError({
    code: 'CENSUS_METRICS_UNWRITABLE',
    seen: `cannot write ${path}: ${messageOf(error)}`,
    wanted: 'a file in a folder that the user who runs pvcheck may write to',
    remedy: "Name a file in the folder that the node exporter's --collector.textfile.directory names.",
    exit: 'usage',
    cause: error,
  })
}
