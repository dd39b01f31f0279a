/**
 * The janitor of one run, a process of its own: it waits for the end of the run's main process, and where that died it
 * removes whatever the run left. Started by `startJanitor` with its task on stdin; its stdout and stderr are its log.
 */
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import { loadDockerode } from '../../reach/engine/dockerode.ts'
import { attend } from './attend.ts'
import { cleanUp, inWords } from './clean.ts'
import { janitorTaskSchema } from './protocol.ts'

// Whoever interrupts pvcheck means the command, and wants to find nothing left.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)

const log = (line: string): void => {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}
const task = janitorTaskSchema.parse(JSON.parse(await text(process.stdin)))
// While pvcheck is being updated, say: what is not loaded now may not be there when it is needed.
await loadDockerode()
const attendance = await attend(task.socketPath)
log(`process ${process.pid} is there for the run ${task.run}`)
const end = await attendance.mainEnd
log(
  `its main process ${end === 'died' ? 'is dead' : `has ${end === 'dismissed' ? 'dismissed it' : 'left the rest to it'}`}`,
)
try {
  // Main may leave the rest to it because a worker could not be ended.
  if (end !== 'dismissed') await attendance.withoutWorkers()
  if (end === 'left the rest') await attendance.close()
  if (end !== 'dismissed') await cleanUp(task, log)
  await rm(task.logPath, { force: true })
} catch (error) {
  // The log stays for whoever wants to know, and the file of the run for whoever sweeps next.
  log(inWords(error))
  process.exitCode = 1
} finally {
  await rm(dirname(task.socketPath), { recursive: true, force: true })
  await attendance.close()
}
