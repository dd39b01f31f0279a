import { expect, test } from 'vitest'
import { PvcheckError } from '../../core/errors.ts'
import { disarmTimer } from './host-timer.ts'

const run = '20261120T121700Z-3f2a'

test('a host that cannot be asked may still have the timer: that is residue', async () => {
  const lost = new PvcheckError({ code: 'REACH_SSH_LOST', seen: 's', wanted: 'w', remedy: 'r', exit: 'unknown' })
  const disarmed = disarmTimer({ run: () => Promise.reject(lost) }, run)
  await expect(disarmed).rejects.toMatchObject({ code: 'TIMER_NOT_DISARMED', exit: 'residue', cause: lost })
})

test('called off, it is called off', async () => {
  const stop = new AbortController()
  const why = new Error('enough')
  const host = {
    run: () => {
      stop.abort(why)
      return Promise.reject(why)
    },
  }
  await expect(disarmTimer(host, run, stop.signal)).rejects.toBe(why)
})
