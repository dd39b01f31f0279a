import { readFile } from 'node:fs/promises'
import { systemCode } from '../../core/file.ts'
import { brokenFile, missing } from './broken.ts'
import { sealPath } from './paths.ts'
import { type Seal, sealSchema } from './seal.ts'

/** The seal of a bundle whose run came to its end. Throws `EVIDENCE_BROKEN` where it is not one. */
export async function readSeal(dir: string): Promise<Seal | undefined> {
  const path = sealPath(dir)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw missing(path, error)
  }
  try {
    return sealSchema.parse(JSON.parse(text))
  } catch (error) {
    throw brokenFile(`${path} does not say how the run ended`, error)
  }
}
