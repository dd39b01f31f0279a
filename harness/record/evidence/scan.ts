import { createReadStream } from 'node:fs'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import { brokenFile, missing } from './broken.ts'
import { checkLine, noHash } from './line.ts'
import { recordsPath } from './paths.ts'
import { readSeal } from './seal-file.ts'

const links = /^\{"seq":(\d+),"at":"([^"]*)","run":"([^"]*)",.*,"prev":"([0-9a-f]{64})","hash":"[0-9a-f]{64}"\}$/s
const withBody = z.object({ body: z.unknown() })

/** One record, of which nothing but the envelope has been looked at. */
export interface ScannedRecord {
  readonly seq: number
  readonly at: string
  /** Whether the line has that text: a look before it is parsed. */
  has(text: string): boolean
  /** The body, parsed and not decoded. */
  body(): unknown
}

/**
 * Walks over a sealed bundle one line at a time, for who wants few of many large records: the chain is held to as by
 * `readBundle`, and nothing is parsed but what is asked for. Throws `EVIDENCE_MISSING` and `EVIDENCE_BROKEN`, the latter
 * also at the end: until then nothing that was seen may be relied on.
 */
export async function* scanBundle(dir: string): AsyncGenerator<ScannedRecord> {
  const path = recordsPath(dir)
  const seal = await readSeal(dir)
  const run = basename(resolve(dir))
  let [prev, seq] = [noHash, 0]
  for await (const line of linesOf(path)) {
    const number = seq + 1
    const checked = checkLine(line)
    const [, given, at = '', ofRun, before] = links.exec(line) ?? []
    if (checked === undefined || before === undefined) throw brokenFile(`line ${number} of ${path} is not a record`)
    if (!checked.holds) throw brokenFile(`line ${number} of ${path} was changed: its hash is not that of its content`)
    if (before !== prev || Number(given) !== number || ofRun !== run)
      throw brokenFile(`line ${number} of ${path} does not follow the line before it`)
    ;[prev, seq] = [checked.hash, number]
    yield {
      seq,
      at,
      has: (text) => line.includes(text),
      body: () => withBody.parse(JSON.parse(line)).body,
    }
  }
  if (seal === undefined) throw brokenFile(`${dir} has no seal: its run did not come to its end`)
  if (seal.head !== prev || seal.records !== seq)
    throw brokenFile(`${path} does not end with the record that the run ended with`)
}

/** By line feeds alone: what else breaks a line for `readline` may stand in a record. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8')
  let parts: string[] = []
  try {
    for await (const chunk of stream) {
      const [rest = '', ...next] = String(chunk).split('\n')
      parts.push(rest)
      for (const start of next) {
        yield parts.join('')
        parts = [start]
      }
    }
  } catch (error) {
    throw error instanceof PvcheckError ? error : missing(path, error)
  } finally {
    stream.destroy()
  }
}
