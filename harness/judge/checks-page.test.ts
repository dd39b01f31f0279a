import { expect, test } from 'vitest'
import { allChecks } from './checks.ts'
import { checksPage } from './checks-page.ts'

test('docs/checks.md says what the checks are', async () => {
  await expect(checksPage()).toMatchFileSnapshot('../../docs/checks.md')
})

test('no check is left out of the page', () => {
  const page = checksPage()
  for (const { id } of allChecks) expect(page).toContain(`| ${id} |`)
})
