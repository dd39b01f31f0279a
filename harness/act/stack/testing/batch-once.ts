/** One batch in a process of its own, for a bench: `batch-once <connection handle> <state folder> <settings>`. */
import { z } from 'zod'
import { throwawaySchema } from '../../../model/throwaway.ts'
import { connectionHandleSchema } from '../../../reach/target.ts'
import { runBatch } from '../run-batch.ts'
import { actingHand } from './acting-hand.ts'

const [handle = '', stateDir = '', settings = ''] = process.argv.slice(2)
const given = z.strictObject({ throwaway: throwawaySchema, sharedNetwork: z.string() }).parse(JSON.parse(settings))
await using acting = await actingHand(connectionHandleSchema.parse(JSON.parse(handle)), stateDir)
const batch = await runBatch(acting.hand, given, new AbortController().signal)
const bad = batch.stacks.filter(({ came, removal }) => came !== 'running' || removal !== 'gone')
if (bad.length > 0) throw new Error(JSON.stringify(bad))
