import { expect, test } from 'vitest'
import { unseal } from './envelope.ts'

const mark = 'pvcheck-00ff'

test('the mark is taken off, and what came before and after stays', () => {
  expect(unseal(`warning\n${mark} 3\n`, mark)).toEqual({ stderr: 'warning', exitCode: 3 })
  expect(unseal(`\n${mark} 0\nMaster closed\n`, mark)).toEqual({ stderr: 'Master closed\n', exitCode: 0 })
})

test('only the last mark counts, as a command may have printed one', () => {
  expect(unseal(`\n${mark} 0\nmore\n${mark} 1\n`, mark)?.exitCode).toBe(1)
})

test('a command that never came to its mark has no exit code', () => {
  expect(unseal('Connection closed\n', mark)).toBeUndefined()
  expect(unseal(`\n${mark} `, mark)).toBeUndefined()
  expect(unseal(`\npvcheck-other 0\n`, mark)).toBeUndefined()
})
