import { expect, test } from 'vitest'
import { describePoll } from './poll.mjs'

const repo = 'recipe-maintainers/cc-ci'

test('a poll says one line, and one more for each outcome that is new', () => {
  const first = describePoll([{ number: 1, status: 'running' }], new Map(), repo, 'bot')
  expect(first.lines).toEqual([`poll ok: repo=${repo} user=bot builds=1 active=1`])
  const second = describePoll([{ number: 1, status: 'success' }], first.next, repo, 'bot')
  expect(second.lines).toEqual([`poll ok: repo=${repo} user=bot builds=1 active=0`, 'build #1 is success'])
  expect(describePoll([{ number: 1, status: 'success' }], second.next, repo, 'bot').lines).toHaveLength(1)
})
