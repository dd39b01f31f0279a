import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeRuntimeDir } from './runtime-dir.ts'

const before = process.env['TMPDIR']
const made: string[] = []

afterEach(async () => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  for (const dir of made.splice(0)) await rm(dir, { recursive: true })
})

test('the folder is private', async () => {
  const dir = await makeRuntimeDir()
  made.push(dir)
  expect((await stat(dir)).mode & 0o777).toBe(0o700)
})

test('a temporary folder too deep for a socket is not used', async () => {
  const base = await mkdtemp(join(tmpdir(), 'pvcheck-deep-'))
  const deep = join(base, 'x'.repeat(80))
  await mkdir(deep)
  process.env['TMPDIR'] = deep
  const dir = await makeRuntimeDir()
  made.push(dir, base)
  expect(dirname(dir)).toBe('/tmp')
})
