import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const packageSchema = z.object({ name: z.string(), version: z.string() })

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

function readPackage(path: string): z.infer<typeof packageSchema> | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  return packageSchema.parse(JSON.parse(text))
}
