import { expect, test } from 'vitest'
import { Disposer } from './disposer.ts'

test('clean-ups run once, last registered first', async () => {
  const order: string[] = []
  const disposer = new Disposer()
  disposer.defer(() => void order.push('first'))
  disposer.defer(async () => void order.push('second'))
  await disposer.dispose()
  await disposer.dispose()
  expect(order).toEqual(['second', 'first'])
})

test('a clean-up that fails does not keep the others from running, and all failures are told', async () => {
  const order: string[] = []
  const disposer = new Disposer()
  disposer.defer(() => void order.push('ran'))
  disposer.defer(() => Promise.reject(new Error('later')))
  disposer.defer(() => Promise.reject(new Error('earlier')))
  const error = await disposer.dispose().catch((thrown: unknown) => thrown)
  expect(order).toEqual(['ran'])
  expect(error).toBeInstanceOf(AggregateError)
  expect(error).toMatchObject({ message: 'earlier', errors: [{ message: 'earlier' }, { message: 'later' }] })
})

test('after a failure the failure stays the first cause, and what goes wrong while cleaning up joins it', async () => {
  const failure = new Error('refused')
  const disposer = new Disposer()
  expect(await disposer.disposeAfter(failure)).toBe(failure)
  disposer.defer(() => Promise.reject(new Error('busy')))
  expect(await disposer.disposeAfter(failure)).toMatchObject({
    message: 'refused',
    cause: failure,
    errors: [failure, { message: 'busy' }],
  })
})
