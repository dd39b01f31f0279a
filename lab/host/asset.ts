import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PvcheckError } from '../../harness/core/errors.ts'

/** The absolute path of `lab/<path>` in the package: a folder that is not compiled, so it is looked up from its root. */
export function labAsset(path: string): string {
  return join(packageRoot(), 'lab', path)
}

/** Walks up from this file to the package.json named "pvcheck": from lab/ and from dist/lab/ alike. */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url))
  for (let folder = start; dirname(folder) !== folder; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && /"name"\s*:\s*"pvcheck"/.test(readFileSync(manifest, 'utf8'))) return folder
  }
  throw new PvcheckError({
    code: 'LAB_PACKAGE_ROOT_MISSING',
    seen: `no package.json named "pvcheck" above ${start}`,
    wanted: 'the files of the practice host beside the code that boots it',
    remedy: 'Install pvcheck again, from its checkout or its tarball.',
  })
}
