import { expect, test } from 'vitest'
import { recipeKey } from './cache.ts'

test('a recipe key is the same for the same ingredients, and another for any other', () => {
  const key = recipeKey('bookworm', ['a', 'b'], 'script')
  expect(key).toMatch(/^[0-9a-f]{16}$/)
  expect(recipeKey('bookworm', ['a', 'b'], 'script')).toBe(key)
  const others = [
    recipeKey('bookworm', ['a'], 'b', 'script'),
    recipeKey('bookworm', ['a', 'b'], 'script '),
    recipeKey('trixie', ['a', 'b'], 'script'),
    recipeKey('bookworm', ['ab'], 'script'),
  ]
  expect(new Set([key, ...others]).size).toBe(5)
})
