import { expect, test } from 'vitest'
import { PvcheckError } from '../../core/errors.ts'
import { throwawaySchema } from '../../model/throwaway.ts'
import type { CarefulHand } from '../hand/careful.ts'
import { launch, nothingYet } from './launch.ts'

const said = { seen: 's', wanted: 'w', remedy: 'r' }
const ground = {
  ...{ image: 'sha256:0effc8e4821f', nodeId: 'node', nodes: [], sharedNetwork: { id: 'proxy', name: 'proxy' } },
  networkNames: new Map<string, string>(),
  canLimit: { memory: false, cpu: false, pids: false },
}

test.each([
  ['INTENTS_DISK_FULL', true],
  ['REACH_CHANGE_UNCERTAIN', true],
  ['LOCK_LOST', false],
  ['JANITOR_GONE', false],
])('after %s whether something may be there is %s', async (code, isUncertain) => {
  const created = nothingYet('20261120T121700Z-3f2a', 1)
  const create: CarefulHand['create'] = () => Promise.reject(new PvcheckError({ code, ...said }))
  const parts = {
    hand: { create } as CarefulHand,
    ...{ ground, throwaway: throwawaySchema.parse({}), signal: new AbortController().signal },
    ports: { take: async () => 28_100, avoid: () => undefined, giveBack: () => undefined },
  }
  await expect(launch(created, parts)).rejects.toMatchObject({ code })
  expect(created).toMatchObject({ isUncertain })
})
