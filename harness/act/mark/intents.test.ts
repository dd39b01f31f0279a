import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pollUntil } from '../../core/poll.ts'
import { createIntents, resumeIntents } from './intents.ts'
import { fateOf, type ProcessId, processIdOf } from './process-id.ts'
import { forgetRun, isRunnerGone, listRuns, readIntents } from './read-intents.ts'

const run = '20261120T121700Z-3f2a'
const header = { run, owner: 'prod-1', cluster: 'c1' }
let stateDir: string
let path: string

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvcheck-intents-'))
  path = join(stateDir, 'runs', `${run}.jsonl`)
})
afterEach(async () => {
  await rm(stateDir, { recursive: true, force: true })
})

/** A file with two things intended, one of them created. */
async function written(): Promise<void> {
  await using intents = await createIntents(stateDir, header)
  await intents.intend('network', 'pvc-1')
  await intents.created('network', 'pvc-1', 'n1')
  await intents.intend('service', 'pvc-2')
}
const both = [
  { kind: 'network', name: 'pvc-1', id: 'n1' },
  { kind: 'service', name: 'pvc-2' },
]

describe('a run', () => {
  test('leaves what it intended and did not see gone', async () => {
    await using intents = await createIntents(stateDir, header)
    await intents.intend('service', 'pvc-1')
    await intents.created('service', 'pvc-1', 's1')
    await intents.intend('network', 'pvc-1')
    await intents.intend('secret', 'pvc-2')
    await intents.gone('service', 'pvc-1')
    expect((await readIntents(stateDir, run)).open).toEqual([
      { kind: 'network', name: 'pvc-1' },
      { kind: 'secret', name: 'pvc-2' },
    ])
    await intents.intend('service', 'pvc-1')
    expect((await readIntents(stateDir, run)).open).toContainEqual({ kind: 'service', name: 'pvc-1' })
  })

  test('says whose it is and on which Swarm', async () => {
    await written()
    expect((await readIntents(stateDir, run)).header).toMatchObject(header)
  })

  test('has a file for its owner alone, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      await mkdir(join(stateDir, 'runs'), { mode: 0o777 })
      await written()
    } finally {
      process.umask(before)
    }
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600')
    expect(((await stat(join(stateDir, 'runs'))).mode & 0o777).toString(8)).toBe('700')
  })

  test('begins where there is no state folder yet', async () => {
    await using intents = await createIntents(join(stateDir, 'a', 'b'), header)
    await intents.intend('config', 'pvcheck-lock')
    expect(await listRuns(join(stateDir, 'a', 'b'))).toEqual([run])
  })

  test('does not write where another has begun, nor through a link', async () => {
    await written()
    await expect(createIntents(stateDir, header)).rejects.toMatchObject({ code: 'INTENTS_EXIST' })
    await rm(path)
    await symlink(join(stateDir, 'elsewhere'), path)
    await expect(createIntents(stateDir, header)).rejects.toMatchObject({ code: 'INTENTS_EXIST' })
  })

  test('writes nothing after its end, and ends twice without harm', async () => {
    const intents = await createIntents(stateDir, header)
    await intents[Symbol.asyncDispose]()
    await intents[Symbol.asyncDispose]()
    await expect(intents.intend('service', 'pvc-1')).rejects.toMatchObject({ code: 'INTENTS_MISUSED' })
  })

  test('keeps the order of what was intended at once', async () => {
    await using intents = await createIntents(stateDir, header)
    const names = Array.from({ length: 100 }, (_, number) => `pvc-${number}`)
    await Promise.all(names.map((name) => intents.intend('service', name)))
    expect((await readIntents(stateDir, run)).open.map(({ name }) => name)).toEqual(names)
  })

  test('whose state folder is a file names it', async () => {
    await writeFile(join(stateDir, 'runs'), '')
    await expect(createIntents(stateDir, header)).rejects.toMatchObject({ code: 'INTENTS_UNWRITABLE', exit: 'blocked' })
  })

  test.each(['..', '../../etc/cron', ''])('with the id %j has no file', async (id) => {
    await expect(createIntents(stateDir, { ...header, run: id })).rejects.toMatchObject({ code: 'INTENTS_MISUSED' })
    await expect(readIntents(stateDir, id)).rejects.toMatchObject({ code: 'INTENTS_MISUSED' })
  })
})

describe('a file that is', () => {
  test('cut off anywhere says what its whole lines say', async () => {
    await written()
    const bytes = await readFile(path)
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 0x0a)
    for (let length = bytes.length; length >= 0; length -= 1) {
      await truncate(path, length)
      const whole = ends.filter((end) => end < length).length
      const expected = [[], [], [{ kind: 'network', name: 'pvc-1' }], both.slice(0, 1), both][whole]
      expect((await readIntents(stateDir, run)).open).toEqual(expected)
    }
  })

  test.each([
    ['zeros, as after a loss of power', '\0'.repeat(64)],
    ['half a line', '{"line":"go'],
    ['a whole line without its break', '{"line":"gone","kind":"service","name":"pvc-2","at":""}'],
  ])('torn, with %s at its end, can be gone on with', async (_title, torn) => {
    await written()
    await appendFile(path, torn)
    expect((await readIntents(stateDir, run)).open).toEqual(both)
    await using intents = await resumeIntents(stateDir, run)
    await intents.gone('network', 'pvc-1')
    expect((await readIntents(stateDir, run)).open).toEqual(both.slice(1))
  })

  test.each([
    ['half a line', '{"line":"gone","ki\n'],
    ['an empty line', '\n'],
    ['something else', '{"line":"opened","kind":"service","name":"a"}\n'],
    ['a kind that nobody knows', '{"line":"intend","kind":"volume","name":"a","at":""}\n'],
    ['the start of another run', `${JSON.stringify({ line: 'run', at: '', ...header })}\n`],
  ])('damaged by %s in the middle is named, with its line', async (_title, damage) => {
    await written()
    await appendFile(path, `${damage}{"line":"gone","kind":"service","name":"pvc-2","at":""}\n`)
    const problem = { code: 'INTENTS_DAMAGED', seen: expect.stringContaining('line 5') }
    await expect(readIntents(stateDir, run)).rejects.toMatchObject(problem)
    await expect(resumeIntents(stateDir, run)).rejects.toMatchObject(problem)
    await expect(forgetRun(stateDir, run)).rejects.toMatchObject(problem)
  })

  test('the file of another run is not taken for this one', async () => {
    await written()
    const other = '20261120T121701Z-0000'
    await writeFile(join(stateDir, 'runs', `${other}.jsonl`), await readFile(path))
    await expect(readIntents(stateDir, other)).rejects.toMatchObject({ code: 'INTENTS_DAMAGED' })
  })

  test('not there cannot be read', async () => {
    await expect(readIntents(stateDir, run)).rejects.toMatchObject({ code: 'INTENTS_UNREADABLE', exit: 'unknown' })
  })

  test('not begun cannot be gone on with, and can be forgotten', async () => {
    await mkdir(join(stateDir, 'runs'))
    await writeFile(path, '{"line":"run"')
    await expect(resumeIntents(stateDir, run)).rejects.toMatchObject({ code: 'INTENTS_MISUSED' })
    await forgetRun(stateDir, run)
    expect(await listRuns(stateDir)).toEqual([])
  })
})

describe('runs', () => {
  test('are listed from oldest to newest, and nothing else is', async () => {
    expect(await listRuns(stateDir)).toEqual([])
    const runs = ['20261121T000000Z-0000', run]
    for (const id of runs) await (await createIntents(stateDir, { ...header, run: id }))[Symbol.asyncDispose]()
    await writeFile(join(stateDir, 'runs', 'notes.jsonl'), '')
    await writeFile(join(stateDir, 'runs', `${run}.bak`), '')
    expect(await listRuns(stateDir)).toEqual([run, '20261121T000000Z-0000'])
  })

  test('are forgotten only when nothing of theirs may be there', async () => {
    await written()
    await expect(forgetRun(stateDir, run)).rejects.toMatchObject({
      code: 'INTENTS_OPEN',
      exit: 'residue',
      seen: expect.stringContaining('network pvc-1, service pvc-2'),
    })
    await using intents = await resumeIntents(stateDir, run)
    await intents.gone('network', 'pvc-1')
    await intents.gone('service', 'pvc-2')
    await forgetRun(stateDir, run)
    expect(await listRuns(stateDir)).toEqual([])
  })
})

/** A process that intends until it is stopped: what it was promised, and how it ended. */
async function promised(command: string, killAfter = Number.POSITIVE_INFINITY): Promise<string[]> {
  const script = join(import.meta.dirname, '../../../dist/harness/act/mark/testing/keep-intending.js')
  const child = spawn('sh', ['-c', `${command} exec "$0" "$@"`, process.execPath, script, stateDir, run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === killAfter) child.kill('SIGKILL')
  }
  await closed
  return lines
}

test('a disk without room fails the intent, and all that was promised is there', async () => {
  const [begun, ...lines] = await promised('ulimit -f 2;')
  expect([begun, lines.pop()]).toEqual(['begun', 'INTENTS_DISK_FULL'])
  expect(lines.length).toBeGreaterThan(5)
  expect((await readIntents(stateDir, run)).open.map(({ name }) => name)).toEqual(lines)
})

test('what was promised before a kill is there, and the file can be gone on with', async () => {
  const [, ...lines] = await promised('', 20)
  const { open } = await readIntents(stateDir, run)
  expect(lines.length).toBeGreaterThan(10)
  expect(open.map(({ name }) => name).slice(0, lines.length)).toEqual(lines)
  await using intents = await resumeIntents(stateDir, run)
  for (const { kind, name } of open) await intents.gone(kind, name)
  await forgetRun(stateDir, run)
})

describe('the processes of a run', () => {
  const gone = async () => isRunnerGone(await readIntents(stateDir, run))
  /** Its file with another process in its place. */
  const rewritten = async (change: (process: ProcessId) => unknown) => {
    const [first = '', ...rest] = (await readFile(path, 'utf8')).split('\n')
    const header = JSON.parse(first)
    await writeFile(path, [JSON.stringify({ ...header, process: change(header.process) }), ...rest].join('\n'))
  }

  test('are alive while they are', async () => {
    await written()
    expect(await gone()).toBe('alive')
  })

  test('are gone when main and janitor are, and not before', async () => {
    const child = spawn('sleep', ['60'])
    const ended = once(child, 'close')
    await written()
    const main = await processIdOf(child.pid)
    await rewritten(() => main)
    expect(await gone()).toBe('alive')
    const own = await processIdOf()
    if (own === undefined) throw new Error('no process of our own')
    await using intents = await resumeIntents(stateDir, run)
    await intents.janitor(own)
    child.kill('SIGKILL')
    await ended
    expect(await gone()).toBe('alive')
    if (main === undefined) throw new Error('it was not there')
    await intents.janitor(main)
    expect(await gone()).toBe('gone')
  })

  test('are gone where another one has the pid now', async () => {
    await written()
    await rewritten((process) => ({ ...process, startTicks: process.startTicks - 1 }))
    expect(await gone()).toBe('gone')
  })

  test.each<[string, (process: ProcessId) => unknown]>([
    ['of another machine', (process) => ({ ...process, host: 'elsewhere' })],
    ['from before a restart', (process) => ({ ...process, bootId: 'other' })],
    ['in another container', (process) => ({ ...process, pidNamespace: 'pid:[1]' })],
    ['that nobody named', () => undefined],
  ])('%s are not called gone', async (_title, change) => {
    await written()
    await rewritten((process) => change({ ...process, pid: 4_194_303 }))
    expect(await gone()).toBe('elsewhere')
  })

  test('a process that has ended and was not yet noticed by its parent is gone', async () => {
    const child = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'])
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    await pollUntil(
      async () => {
        const text = await readFile(`/proc/${line}/stat`, 'utf8')
        return text.includes(') Z ') ? { done: true, value: true } : { done: false, state: text }
      },
      { what: 'a dead process', timeoutMs: 5000, intervalMs: 10 },
    )
    expect(await fateOf(await processIdOf(Number(line)))).toBe('gone')
    child.kill('SIGKILL')
    await once(child, 'close')
  })

  test('a run knows all that it ever created, the lock left out', async () => {
    await written()
    await using intents = await resumeIntents(stateDir, run)
    await intents.intend('config', 'pvcheck-lock')
    await intents.gone('network', 'pvc-1')
    expect(await readIntents(stateDir, run)).toMatchObject({ deeds: both })
  })
})
