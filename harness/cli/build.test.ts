import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageInfo } from '../run/package-info.ts'

const { root } = packageInfo()
let checkout: string

/** A checkout as small as can be: the command, and one source that prints what it is. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'pvt-'))
  for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'bin']) {
    cpSync(join(root, name), join(checkout, name), { recursive: true })
  }
  for (const folder of ['harness/cli', 'specs', 'lab', 'node_modules'])
    mkdirSync(join(checkout, folder), { recursive: true })
  for (const name of ['typescript', '@typescript', '@types', 'undici-types']) {
    symlinkSync(join(root, 'node_modules', name), join(checkout, 'node_modules', name))
  }
  writeMain('one')
})
afterEach(() => rmSync(checkout, { recursive: true, force: true }))

function writeMain(text: string, more = ''): void {
  const main = `export async function main(): Promise<void> {\n  process.stdout.write('${text}')\n}\n${more}`
  writeFileSync(join(checkout, 'harness/cli/main.ts'), main)
}

function command() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, 'bin/pvcheck.js')], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('a changed source is what runs', () => {
  expect(command()).toEqual({ status: 0, stdout: 'one', stderr: '' })
  writeMain('two')
  expect(command()).toEqual({ status: 0, stdout: 'two', stderr: '' })
})

test('nothing is left of a source that was removed, nor of the build', () => {
  writeFileSync(join(checkout, 'harness/old.ts'), 'export const old = 1\n')
  command()
  expect(existsSync(join(checkout, 'dist/harness/old.js'))).toBe(true)
  rmSync(join(checkout, 'harness/old.ts'))
  command()
  expect(existsSync(join(checkout, 'dist/harness/old.js'))).toBe(false)
  expect(readdirSync(checkout).filter((name) => name.startsWith('dist'))).toEqual(['dist'])
  expect(readdirSync(join(checkout, 'node_modules')).filter((name) => name.startsWith('.'))).toEqual([])
})

test('a type error is said, and does not hide the change', () => {
  writeMain('three', 'const wrong: number = "text"\nexport { wrong }\n')
  expect(command()).toMatchObject({ status: 0, stdout: 'three', stderr: expect.stringContaining('type errors') })
})

test('`npm run build` fails on a type error', () => {
  writeMain('three', 'const wrong: number = "text"\nexport { wrong }\n')
  expect(() => execFileSync(process.execPath, [join(checkout, 'bin/build.js')], { stdio: 'pipe' })).toThrow(
    'do not compile',
  )
})

test('stale code is refused where there is no compiler', () => {
  command()
  writeMain('four')
  rmSync(join(checkout, 'node_modules/typescript'))
  expect(command()).toMatchObject({ status: 70, stdout: '', stderr: expect.stringContaining('npm ci') })
})

test('the lock of a builder that was killed does not stop the next one', () => {
  mkdirSync(join(checkout, 'node_modules/.pvcheck-build'))
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(join(checkout, 'node_modules/.pvcheck-build/pid'), String(pid))
  expect(command()).toMatchObject({ status: 0, stdout: 'one' })
})
