import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { serve } from '../serve.mjs'
import { answerDrone } from './api.mjs'
import { firstHistory } from './history.mjs'

/** @import { History } from './types.ts' */

const file = process.env['DATA_FILE'] ?? '/data/drone.json'
const token = readFileSync(process.env['TOKEN_FILE'] ?? '/run/secrets/bridge_drone_token', 'utf8').trim()
const now = () => Math.floor(Date.now() / 1000)
const history = readHistory()

let writes = Promise.resolve()

/** One write after the other, each by rename: a kill in between leaves the file of before. */
async function save() {
  const text = JSON.stringify(history)
  writes = writes.then(async () => {
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  })
  await writes
}

/** @returns {History} */
function readHistory() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return firstHistory(now())
    throw error
  }
}

await save()
const server = {
  history,
  token,
  slug: process.env['REPO'] ?? 'recipe-maintainers/cc-ci',
  login: process.env['LOGIN'] ?? 'ccci-bridge',
  now,
  changed: save,
}
serve('drone', Number(process.env['PORT'] ?? 80), ({ method = 'GET', url = '/', headers }) =>
  answerDrone({ method, target: url, authorization: headers.authorization }, server),
)
