import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { PvcheckError } from '../../../harness/core/errors.ts'
import { shell } from '../../host/shell.ts'

/** This machine's own node and the libraries it is linked with, as a tar of the paths they have in an image. */
export async function nodeTar(signal?: AbortSignal): Promise<Readable> {
  const { stdout } = await shell(signal)`ldd ${process.execPath}`
  const libraries = librariesOf(stdout)
  const paths = [process.execPath, ...libraries].map((path) => path.slice(1))
  const place = `s,^${paths[0]}$,usr/bin/node,`
  const tar = spawn('tar', ['-C', '/', '--dereference', '--transform', place, '-c', ...paths], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  tar.once('error', (error) => tar.stdout.destroy(error))
  tar.once('exit', (code) => {
    if (code !== 0) tar.stdout.destroy(new Error(`tar of node and its libraries exited ${code}`))
  })
  return tar.stdout
}

/** The files that `ldd` found. Throws LAB_LIBRARY_MISSING where it found none for a name. */
export function librariesOf(ldd: string): string[] {
  const missing = /^\s*(\S+) => not found/m.exec(ldd)
  if (missing !== null) {
    throw new PvcheckError({
      code: 'LAB_LIBRARY_MISSING',
      seen: `node is linked with ${missing[1]}, which this machine does not have`,
      wanted: 'a node that runs here',
      remedy: 'Install node again.',
    })
  }
  return [...ldd.matchAll(/(?:=> )?(\/\S+) \(0x/g)].flatMap(([, path]) => (path === undefined ? [] : [path]))
}
