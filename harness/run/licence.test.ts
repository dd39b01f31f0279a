import { expect, test } from 'vitest'
import { joinErrors, PvcheckError } from '../core/errors.ts'
import { throwawaySchema } from '../model/throwaway.ts'
import { createLicence } from './licence.ts'

const said = { seen: 's', wanted: 'w', remedy: 'r' }
const left = new PvcheckError({ code: 'LOCK_NOT_RELEASED', ...said, exit: 'residue' })

/** What is recorded of an opening that an interrupt broke off. */
async function troublesOf(failures: readonly unknown[]): Promise<readonly unknown[]> {
  const stop = new AbortController()
  const told: unknown[] = []
  const licence = createLicence({
    ...{ connection: undefined as never, current: async () => undefined as never },
    plan: {
      ...{ run: '20261120T121700Z-3f2a', owner: 'prod', stateDir: '/nonexistent' },
      ...{ throwaway: throwawaySchema.parse({}), onProgress: () => undefined },
    },
    open: async () => {
      stop.abort(new PvcheckError({ code: 'RUN_INTERRUPTED', ...said, exit: 'interrupted' }))
      throw joinErrors(stop.signal.reason, failures)
    },
    look: async () => undefined,
    signal: stop.signal,
    onTrouble: async (error) => void told.push(error),
  })
  await expect(licence.begin()).rejects.toThrow('RUN_INTERRUPTED')
  expect(await licence.close()).toBeUndefined()
  return told
}

test('an interrupt while acting is begun is no trouble, but what that leaves on the host is', async () => {
  expect(await troublesOf([])).toEqual([])
  expect(await troublesOf([new Error('too late')])).toEqual([])
  expect(await troublesOf([left])).toMatchObject([{ errors: [{ code: 'RUN_INTERRUPTED' }, left] }])
})
