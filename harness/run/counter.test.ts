import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCounter } from './counter.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

function written(columns: number | undefined) {
  let text = ''
  const counter = createCounter((part) => (text += part), columns)
  return { counter, text: () => text }
}

test('on a screen one line is written over, fits, and is gone before anything else', () => {
  const { counter, text } = written(12)
  counter.show('1 of 4 runs and more')
  counter.show('2 of 4')
  counter.show('2 of 4')
  counter.clear()
  counter.clear()
  expect(text()).toBe('\r\u001B[2K… 1 of 4 ru\r\u001B[2K… 2 of 4\r\u001B[2K')
})

test('in a pipe there are plain lines, and not more than one in 5 s', () => {
  const { counter, text } = written(undefined)
  counter.show('1 of 4')
  counter.show('2 of 4')
  counter.clear()
  vi.advanceTimersByTime(5_000)
  counter.show('3 of 4')
  expect(text()).toBe('… 1 of 4\n… 3 of 4\n')
})
