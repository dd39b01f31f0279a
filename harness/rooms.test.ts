import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Every kind of seeded violation, and the rule that must name it. */
const violations = [
  {
    file: 'harness/core/seed.ts',
    line: "import '../model/other.ts'",
    rule: 'noRestrictedImports',
    why: 'core imports node: only',
  },
  { file: 'harness/core/seed2.ts', line: "import 'zod'", rule: 'noRestrictedImports', why: 'core imports no library' },
  {
    file: 'harness/model/seed.ts',
    line: "import '../config/other.ts'",
    rule: 'noRestrictedImports',
    why: 'model imports up',
  },
  {
    file: 'harness/judge/seed.ts',
    line: "import '../observe/other.ts'",
    rule: 'noRestrictedImports',
    why: 'judge imports up',
  },
  {
    file: 'harness/judge/deep/seed.ts',
    line: "import '../../reach/other.ts'",
    rule: 'noRestrictedImports',
    why: 'wings are joined',
  },
  { file: 'harness/judge/io.ts', line: "import 'node:fs'", rule: 'noRestrictedImports', why: 'judge does I/O' },
  {
    file: 'harness/reach/seed.ts',
    line: "import '../config/other.ts'",
    rule: 'noRestrictedImports',
    why: 'wings are joined',
  },
  {
    file: 'harness/config/seed.ts',
    line: "import '../reach/other.ts'",
    rule: 'noRestrictedImports',
    why: 'wings are joined',
  },
  {
    file: 'harness/observe/seed.ts',
    line: "import '../record/other.ts'",
    rule: 'noRestrictedImports',
    why: 'wings are joined',
  },
  {
    file: 'harness/record/seed.ts',
    line: "import '../reach/engine/other.ts'",
    rule: 'noRestrictedImports',
    why: 'record sees an engine',
  },
  { file: 'harness/act/seed.ts', line: "import '../run/other.ts'", rule: 'noRestrictedImports', why: 'act imports up' },
  { file: 'harness/run/seed.ts', line: "import '../cli/other.ts'", rule: 'noRestrictedImports', why: 'run imports up' },
  {
    file: 'harness/cli/seed.ts',
    line: "import '../../specs/other.ts'",
    rule: 'noRestrictedImports',
    why: 'specs are imported',
  },
  {
    file: 'specs/seed.spec.ts',
    line: "import '../harness/reach/other.ts'",
    rule: 'noRestrictedImports',
    why: 'a spec holds machinery',
  },
  {
    file: 'lab/seed.ts',
    line: "import '../harness/act/other.ts'",
    rule: 'noRestrictedImports',
    why: 'the lab knows the product',
  },
  ...[
    ['observe', 'dockerode'],
    ['judge', 'undici'],
    ['record', 'execa'],
    ['reach', 'p-limit'],
    ['act', 'socks'],
    ['reach/http', 'vitest'],
    ['act', 'zx'],
    ['cli', 'vitest/node'],
    ['run', 'cac'],
    ['observe', 'yaml'],
    ['model', 'jiti'],
    ['record', 'node:child_process'],
    ['judge', 'cheerio'],
    ['observe', 'cheerio/slim'],
    ['run', 'cheerio/slim'],
    ['cli', 'cheerio/slim'],
  ].map(([room, library]) => ({
    file: `harness/${room}/lib-${library?.replace(/\W/g, '-')}.ts`,
    line: `import '${library}'`,
    rule: 'noRestrictedImports',
    why: `${library} outside its room`,
  })),
  ...[
    ['observe/seed-hand.ts', "import '../reach/attach-writer.ts'"],
    ['observe/api/seed-hand.ts', "import '../../reach/engine/write.ts'"],
    ['observe/seed-hand-type.ts', "import type { EngineWriter } from '../reach/engine/writer.ts'"],
    ['observe/seed-hand-late.ts', "export const late = () => import('../reach/attach-writer.ts')"],
    ['observe/seed-link.ts', "import '../reach/engine/link.ts'"],
    ['run/seed-transport.ts', "import '../reach/engine/transport.ts'"],
    ['record/seed-hand.ts', "import '../reach/attach-writer.ts'"],
    ['run/seed-hand.ts', "import '../reach/attach-writer.ts'"],
    ['cli/seed-hand.ts', "import '../reach/attach-writer.ts'"],
    ['reach/seed-hand.ts', "import './attach-writer.ts'"],
    ['reach/http/seed-hand.ts', "import '../attach-writer.ts'"],
    ['index.ts', "import './reach/attach-writer.ts'"],
  ].map(([file, line]) => ({
    file: `harness/${file}`,
    line: `${line}`,
    rule: 'noRestrictedImports',
    why: 'the writing hand is for act alone',
  })),
  { file: 'harness/core/cycle-a.ts', line: "import './cycle-b.ts'", rule: 'noImportCycles', why: 'a cycle' },
  { file: 'harness/core/cycle-b.ts', line: "import './cycle-a.ts'", rule: 'noImportCycles', why: 'a cycle' },
  { file: 'harness/act/index.ts', line: "export * from './other.ts'", rule: 'noBarrelFile', why: 'a barrel file' },
  {
    file: 'harness/act/env.ts',
    line: 'export const home = process.env.HOME',
    rule: 'noProcessEnv',
    why: 'the environment read outside config',
  },
] as const

let dir: string
let reported: Map<string, string[]>

beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'pvcheck-rooms-')))
  await cp(join(root, 'biome.json'), join(dir, 'biome.json'))
  await cp(join(root, '.gitignore'), join(dir, '.gitignore'))
  for (const { file, line } of violations) {
    await mkdir(join(dir, dirname(file)), { recursive: true })
    await writeFile(join(dir, file), `${line}\n`)
  }
  for (const room of ['core', 'model', 'judge', 'config', 'observe', 'record', 'reach', 'act', 'run', 'cli']) {
    await mkdir(join(dir, 'harness', room), { recursive: true })
    await writeFile(join(dir, 'harness', room, 'other.ts'), 'export const other = 1\n')
  }
  // An innocent neighbour: the rules must not fire on everything.
  const innocent = ['../core/other.ts', '../model/other.ts', 'cheerio/slim'].map((path) => `import '${path}'\n`)
  await writeFile(join(dir, 'harness/judge/innocent.ts'), innocent.join(''))
  await writeFile(join(dir, 'harness/act/innocent.ts'), "import '../reach/attach-writer.ts'\n")
  await writeFile(join(dir, 'harness/reach/http/innocent.ts'), "import 'p-limit'\nimport 'undici'\n")
  reported = await lint(dir)
}, 30_000)

afterAll(async () => {
  await rm(dir, { recursive: true })
})

async function lint(cwd: string): Promise<Map<string, string[]>> {
  const biome = join(root, 'node_modules/.bin/biome')
  const stdout = await new Promise<string>((resolve) => {
    execFile(
      biome,
      ['lint', '--reporter=github', '--max-diagnostics=none', '.'],
      { cwd, maxBuffer: 2 ** 24 },
      (_, out) => resolve(out),
    )
  })
  const rules = new Map<string, string[]>()
  for (const line of stdout.split('\n')) {
    const match = /^::error title=lint\/\w+\/(\w+),file=([^,]+),/.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) continue
    const file = relative(cwd, match[2])
    rules.set(file, [...(rules.get(file) ?? []), match[1]])
  }
  return rules
}

test.each(violations)('the linter stops $file: $why', ({ file, rule }) => {
  expect(reported.get(file)).toContain(rule)
})

test('the linter lets a room import what lies below it, and its own library', () => {
  expect(reported.get('harness/judge/innocent.ts')).toBeUndefined()
  expect(reported.get('harness/reach/http/innocent.ts')).toBeUndefined()
  expect(reported.get('harness/act/innocent.ts')).toBeUndefined()
})
