import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PackageInfo {
  /** The folder of pvcheck's own package.json, whether this runs compiled or from the sources. */
  readonly root: string
  readonly version: string
}

/** Finds pvcheck's own package, from this file upwards. */
export function packageInfo(): PackageInfo {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dirname(dir) !== dir; dir = dirname(dir)) {
    const found = readPackage(join(dir, 'package.json'))
    if (found?.name === 'pvcheck') return { root: dir, version: found.version }
  }
  throw new Error('pvcheck is not in a package of its own')
}

/** Without a schema: `--help` and `--version` come by here, and a schema library would take a third of their time. */
function readPackage(path: string): { readonly name: string; readonly version: string } | undefined {
  if (!existsSync(path)) return undefined
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof content !== 'object' || content === null || !('name' in content) || !('version' in content))
    return undefined
  return { name: String(content.name), version: String(content.version) }
}
