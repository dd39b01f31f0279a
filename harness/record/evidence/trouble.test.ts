import { expect, test } from 'vitest'
import { joinErrors, PvcheckError } from '../../core/errors.ts'
import { troubleOf } from './trouble.ts'

const refused = new PvcheckError({
  code: 'REACH_SSH_KEY_REJECTED',
  seen: 'the key was rejected',
  wanted: 'a key that is accepted',
  remedy: 'Add the key.',
  exit: 'blocked',
})

test('keeps the code of the first cause when cleaning up failed, too', () => {
  const trouble = troubleOf(joinErrors(refused, [new Error('the folder is busy')]), 'connect')
  expect(trouble).toMatchObject({
    code: 'REACH_SSH_KEY_REJECTED',
    seen: 'the key was rejected; while cleaning up: the folder is busy',
    remedy: 'Add the key.',
    exit: 'blocked',
  })
})

test('calls what nobody threw on purpose a fault of pvcheck', () => {
  expect(troubleOf(new AggregateError([new Error('x')], 'several'), 'specs')).toMatchObject({
    code: 'INTERNAL',
    seen: 'several',
    exit: 'internal',
  })
})

test('what is still on the host afterwards outweighs what failed first', () => {
  const said = { seen: 's', wanted: 'w' }
  const first = new PvcheckError({ code: 'TIMER_NOT_ARMED', ...said, remedy: 'First.', exit: 'blocked' })
  const left = new PvcheckError({ code: 'LOCK_NOT_RELEASED', ...said, remedy: 'Then.', exit: 'residue' })
  const harmless = new PvcheckError({ code: 'OTHER', ...said, remedy: 'Never.', exit: 'unknown' })
  expect(troubleOf(joinErrors(first, [joinErrors(harmless, [left])]), 'acting')).toMatchObject({
    ...{ code: 'TIMER_NOT_ARMED', exit: 'residue', remedy: 'First. Then.' },
  })
  expect(troubleOf(joinErrors(first, [harmless]), 'acting')).toMatchObject({ exit: 'blocked', remedy: 'First.' })
})
