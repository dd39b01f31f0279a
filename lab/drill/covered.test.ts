import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageRoot } from '../host/asset.ts'
import { coveredFiles, digestOf } from './covered.ts'
import { drills } from './registry.ts'

let root: string
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pvt-'))
  execFileSync('git', ['init', '--quiet', root])
  write('act/lock.ts', 'one')
  write('act/lock.test.ts', 'a test')
  write('act/testing/play.ts', 'of a test')
  write('judge/say.ts', 'two')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const globs = ['act/**/*.ts']

test('covers what the globs name, and no tests', async () => {
  expect(await coveredFiles(root, globs)).toEqual(['act/lock.ts'])
})

test('a change of a covered file changes it, and no other', async () => {
  const before = await digestOf(root, globs)
  write('judge/say.ts', 'changed')
  write('act/lock.test.ts', 'changed')
  expect(await digestOf(root, globs)).toBe(before)
  write('act/lock.ts', 'changed')
  expect(await digestOf(root, globs)).not.toBe(before)
})

test('a new file and a rename change it; so does a removal', async () => {
  const before = await digestOf(root, globs)
  write('act/sweep.ts', '')
  const added = await digestOf(root, globs)
  expect(added).not.toBe(before)
  rmSync(join(root, 'act/sweep.ts'))
  write('act/swept.ts', '')
  expect(await digestOf(root, globs)).not.toBe(added)
  rmSync(join(root, 'act/swept.ts'))
  expect(await digestOf(root, globs)).toBe(before)
})

test.each(drills)('each glob of "$name" names something', async ({ covers }) => {
  for (const glob of covers) expect(await coveredFiles(packageRoot(), [glob]), glob).not.toEqual([])
})
