import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'
import { parseDocument } from 'yaml'
import { messageOf, PvcheckError } from '../core/errors.ts'

/** The names looked for in a folder, the first one found wins. */
export const configNames = ['ts', 'mts', 'js', 'mjs', 'yaml', 'yml', 'json'].map((ending) => `pvcheck.config.${ending}`)

/** What the file holds, not yet looked at. Throws `CONFIG_UNREADABLE`. */
export async function readConfigFile(path: string): Promise<unknown> {
  try {
    return await parse(path)
  } catch (error) {
    throw new PvcheckError({
      code: 'CONFIG_UNREADABLE',
      seen: `${path} cannot be read: ${messageOf(error)}`,
      wanted: `a file that can be parsed; its name ends in ${configNames.map(extname).join(', ')}`,
      remedy: 'Mend the file, or name another (`--config FILE`), then run the command again.',
      exit: 'usage',
      cause: error,
    })
  }
}

async function parse(path: string): Promise<unknown> {
  switch (extname(path)) {
    case '.json':
      return JSON.parse(await readFile(path, 'utf8'))
    case '.yaml':
    case '.yml': {
      const document = parseDocument(await readFile(path, 'utf8'))
      const [first] = document.errors
      if (first !== undefined) throw first
      return document.toJS()
    }
    default:
      // A config may import `defineConfig` from 'pvcheck' wherever pvcheck is installed, globally too.
      return createJiti(import.meta.url, {
        alias: { pvcheck: fileURLToPath(new URL(`../index${extname(import.meta.url)}`, import.meta.url)) },
        moduleCache: false,
      }).import(resolve(path), { default: true })
  }
}
