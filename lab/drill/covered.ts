import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../harness/core/file.ts'
import { shell } from '../host/shell.ts'

/**
 * One SHA-256 over the paths and contents of all files that the globs name, in the order of their paths. Tests are left
 * out. Files count as they are in the folder, committed or not; those that git ignores do not.
 */
export async function digestOf(root: string, globs: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of await coveredFiles(root, globs)) {
    const content = await readFile(join(root, path)).catch((error: unknown) => {
      // Removed in the folder, and not yet in the index: then it covers nothing.
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    })
    if (content === undefined) continue
    hash.update(`${path}\0${content.length}\0`)
    hash.update(content)
  }
  return hash.digest('hex')
}

const isTest = /\.test\.ts$|(^|\/)testing\//

/** The files that the globs name, sorted. */
export async function coveredFiles(root: string, globs: readonly string[]): Promise<string[]> {
  const wanted = globs.map((glob) => `:(top,glob)${glob}`)
  const $ = shell()
  const { stdout } = await $`git -C ${root} ls-files -z --cached --others --exclude-standard -- ${wanted}`
  return [...new Set(stdout.split('\0'))].filter((path) => path !== '' && !isTest.test(path)).sort()
}

/** The commit that is checked out in `root`. */
export async function commitOf(root: string): Promise<string> {
  const { stdout } = await shell()`git -C ${root} rev-parse HEAD`
  return stdout.trim()
}
