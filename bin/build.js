/**
 * The one form of code at run time: `dist/`, compiled from the sources. In a checkout it is brought up to date before a
 * command runs, so that nobody tests yesterday's code; an installed package has no sources and is taken as it is.
 * Run as a program (`npm run build`, and npm's `prepare`) it builds what is stale, and fails on a type error.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const lock = join(root, 'node_modules', '.pvcheck-build')
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const sources = ['harness', 'specs', 'lab']
const settings = ['tsconfig.json', 'tsconfig.build.json', 'package.json']

/** Builds `dist/` if it is not that of the sources. Throws an `Error` with one clear line. */
export function ensureBuilt({ strict = false } = {}) {
  if (!existsSync(join(root, 'tsconfig.build.json')) || isFresh()) return
  if (!existsSync(compiler)) {
    throw new Error('dist/ is older than the sources, and there is no compiler here: run `npm ci`')
  }
  withLock(() => {
    if (!isFresh()) build(strict)
  })
}

/** Vitest's global set-up: some tests start the compiled command. */
export function setup() {
  ensureBuilt()
}

function isFresh() {
  const built = join(dist, '.sources')
  return existsSync(built) && readFileSync(built, 'utf8') === fingerprint()
}

/** All sources by path, size and time: what a rename, a checkout or an edit changes. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const name of settings) add(hash, join(root, name))
  for (const folder of sources) walk(hash, join(root, folder))
  return hash.digest('hex')
}

function walk(hash, folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) walk(hash, path)
    else if (/\.m?[jt]s$/.test(entry.name) && !entry.name.endsWith('.test.ts')) add(hash, path)
  }
}

function add(hash, path) {
  const { mtimeMs, size } = statSync(path)
  hash.update(`${path}\0${mtimeMs}\0${size}\n`)
}

/** Compiled beside, then moved: another process sees the old `dist/` or the new one. */
function build(strict) {
  const before = fingerprint()
  const fresh = `${dist}.${process.pid}`
  const old = `${fresh}.old`
  try {
    for (const name of readdirSync(root)) {
      // Left behind by a build that was killed; the lock is ours, so nobody is at work there.
      if (/^dist\.\d+/.test(name)) rmSync(join(root, name), { recursive: true, force: true })
    }
    const tsc = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', fresh], {
      encoding: 'utf8',
    })
    const complaints = `${tsc.stdout}${tsc.stderr}`.trim()
    if (tsc.status !== 0 && (strict || !existsSync(fresh))) {
      throw new Error(`the sources do not compile:\n${complaints}`)
    }
    if (tsc.status !== 0) process.stderr.write(`pvcheck: built in spite of type errors, see \`npm run types\`\n`)
    writeFileSync(join(fresh, '.sources'), before)
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(fresh, dist)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

/** One build at a time; the lock of a builder that is dead is broken. */
function withLock(action) {
  const deadline = Date.now() + 60_000
  while (!takeLock()) {
    if (Date.now() > deadline)
      throw new Error(`another build has been running for a minute; if none is, remove ${lock}`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
  try {
    action()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function takeLock() {
  try {
    mkdirSync(lock)
    writeFileSync(join(lock, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (isAbandoned()) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

function isAbandoned() {
  try {
    const pid = Number(readFileSync(join(lock, 'pid'), 'utf8'))
    process.kill(pid, 0)
    return false
  } catch (error) {
    // No such process; while no pid is written yet, its builder is just starting.
    return error.code === 'ESRCH'
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    ensureBuilt({ strict: true })
  } catch (error) {
    process.stderr.write(`pvcheck: ${error.message}\n`)
    process.exitCode = 70
  }
}
