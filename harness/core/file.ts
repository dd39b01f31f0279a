import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Makes a file's or folder's name durable: a synced file in a folder that is not may be gone after a crash. */
export async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Opens a new file for writing; neither a file nor a link that is there already is ever written through. */
export function createFile(path: string, mode: number): Promise<FileHandle> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  return open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
}

/**
 * Puts `text` at `path`, whole or not at all: a new file beside it, synced, then renamed over it. A symbolic link at
 * `path` is replaced, not followed. The umask takes from the mode unless `isExact`. Throws what the file system says.
 */
export async function replaceFile(
  path: string,
  text: string,
  mode: number,
  { isExact = false }: { readonly isExact?: boolean } = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const handle = await createFile(temporary, mode)
  try {
    try {
      await handle.writeFile(text)
      if (isExact) await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** The `code` of a system error, such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
