import { describe, expect, test } from 'vitest'
import { badgeOf, latestRuns, renderBoard } from './board.mjs'

const run = (number: number, recipe: string | undefined, status: 'success' | 'failure' | 'pending') => ({
  number,
  status,
  params: recipe === undefined ? {} : { RECIPE: recipe },
  created: 1_781_258_400,
})

describe('the dashboard', () => {
  test('shows the latest run of each recipe', () => {
    const runs = [
      run(1, 'hedgedoc', 'failure'),
      run(3, 'hedgedoc', 'success'),
      run(2, 'ghost', 'failure'),
      run(4, undefined, 'success'),
    ]
    expect(latestRuns(runs).map(([recipe, { number }]) => [recipe, number])).toEqual([
      ['ghost', 2],
      ['hedgedoc', 3],
    ])
  })

  test('has a badge for each outcome', () => {
    expect((['success', 'failure', 'killed', 'error', 'pending', 'running', 'blocked'] as const).map(badgeOf)).toEqual([
      'pass',
      ...['fail', 'fail', 'fail'],
      ...['running', 'running', 'running'],
    ])
  })

  test('escapes what it was told', () => {
    const page = renderBoard([run(1, '<b>', 'success')], 'a & b', '2026-06-12T10:00:00.000Z')
    expect(page).toContain('<td>&#60;b&#62;</td>')
    expect(page).toContain('a &#38; b')
  })
})
