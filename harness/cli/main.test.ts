import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { packageInfo } from '../run/package-info.ts'

const { root, version } = packageInfo()
const command = join(root, 'bin', 'pvcheck.js')

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

function pvcheck(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  const env = { ...process.env, VITEST: undefined, ...options.env }
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { ...options, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err })
    })
  })
}

async function emptyFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'pvt-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('--version and --help exit 0', async () => {
  expect(await pvcheck(['--version'])).toMatchObject({ code: 0, out: expect.stringContaining(version), err: '' })
  const help = await pvcheck(['--help'])
  expect(help).toMatchObject({ code: 0, err: '' })
  for (const name of ['verify', 'lab']) expect(help.out).toContain(name)
  expect((await pvcheck(['verify', '--help'])).out).toContain('--read-only')
})

test('--help takes less than a quarter of a second of the processor', async () => {
  const script = 'TIMEFORMAT="%U %S"; time "$0" "$1" --help >/dev/null'
  const times = await new Promise<string>((resolve) => {
    execFile('bash', ['-c', script, process.execPath, command], (_error, _out, err) => resolve(err))
  })
  const seconds = times.trim().split(' ').map(Number)
  expect(seconds).toHaveLength(2)
  expect((seconds[0] ?? 1) + (seconds[1] ?? 1)).toBeLessThan(0.25)
})

describe('what cannot be understood exits 64, and names what can', () => {
  test.each([
    { args: [], seen: 'no command was given', wanted: 'verify, census, rm, sweep, lab' },
    { args: ['verfy'], seen: 'there is no command "verfy"', wanted: 'verify, census, rm, sweep, lab' },
    { args: ['--fast'], seen: '"--fast" stands without a command', wanted: 'verify, census, rm, sweep, lab' },
    { args: ['verify', '--jsn'], seen: 'there is no option "--jsn"', wanted: '--read-only, --json' },
    { args: ['verify', '--readonly'], seen: 'there is no option "--readonly"', wanted: '--read-only' },
    { args: ['verify', '-x'], seen: 'there is no option "-x"', wanted: '--config' },
    { args: ['verify', '--config'], seen: '--config has no value', wanted: 'a value after --config' },
    { args: ['verify', 'now'], seen: 'an extra word: now', wanted: 'pvcheck verify' },
    { args: ['rm'], seen: 'no stack was named', wanted: 'pvcheck rm <stack...>' },
    { args: ['rm', 'shop', '--yes', '--dry-run'], seen: '--dry-run and --yes at once', wanted: 'one of them' },
    { args: ['lab', 'upp'], seen: 'there is no action "lab upp"', wanted: 'up, down, exec, status, sabotage, heal' },
    { args: ['lab'], seen: 'no action was given', wanted: 'up, down' },
    { args: ['lab', 'down', 'one'], seen: 'an extra word: one', wanted: 'after --name' },
    { args: ['lab', 'heal', 'one', 'two'], seen: 'an extra word: two', wanted: 'after --name' },
    {
      args: ['lab', 'sabotage'],
      seen: 'no sabotage was named; there are:',
      wanted: 'removes the stack of the report site',
    },
    { args: ['lab', 'exec'], seen: 'no command was given', wanted: 'lab exec' },
    { args: ['lab', 'up', '--engine', '19.03'], seen: '--engine 19.03', wanted: 'one of: 20.10, 26.1, 28.5' },
    { args: ['lab', 'up', '--refresh-ms', 'soon'], seen: '--refresh-ms soon', wanted: 'a number of milliseconds' },
  ])('pvcheck $args', async ({ args, seen, wanted }) => {
    const { code, out, err } = await pvcheck(args)
    expect(code, out + err).toBe(64)
    expect(out).toBe('')
    expect(err.split('\n')[0]).toBe(`USAGE  ${seen}`)
    expect(err).toContain(wanted)
    expect(err).toContain('exit    64')
    expect(err).not.toContain('    at ')
  })
})

test('a configuration with faults names all of them and exits 64', async () => {
  const cwd = await emptyFolder()
  await writeFile(join(cwd, 'pvcheck.config.json'), '{"target":{"engin":"x"},"reports":{"phase":"a b"}}')
  const { code, out, err } = await pvcheck(['verify'], { cwd })
  expect(code).toBe(64)
  expect(out).toBe('')
  expect(err).toContain('CONFIG_')
  expect(err).toContain('engin')
  expect(err).toContain('reports.phase')
})

test('a reader that goes away does not end the run', async () => {
  const cwd = await emptyFolder()
  await writeFile(join(cwd, 'pvcheck.config.json'), '{"target":{"engine":"unix:///nonexistent/docker.sock"}}')
  const script = '"$0" "$1" verify | true; echo "$PIPESTATUS"; head -c 6 reports/STATUS-pvcheck.md'
  const out = await new Promise<string>((resolve) => {
    execFile('bash', ['-c', script, process.execPath, command], { cwd }, (_error, text) => resolve(text))
  })
  expect(out).toBe('3\nCLAIM:')
})
