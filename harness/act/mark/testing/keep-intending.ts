import { createIntents } from '../intents.ts'

/** Run as a process of its own: intends one thing after another in the state folder of `argv[2]`, and tells of each. */
const [stateDir = '', run = ''] = process.argv.slice(2)
const intents = await createIntents(stateDir, { run, owner: 'default', cluster: 'c1' })
process.stdout.write('begun\n')
try {
  for (let number = 1; ; number += 1) {
    await intents.intend('service', `pvc-${number}`)
    process.stdout.write(`pvc-${number}\n`)
  }
} catch (error) {
  process.stdout.write(`${error instanceof Error && 'code' in error ? error.code : error}\n`)
}
