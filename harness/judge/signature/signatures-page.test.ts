import { expect, test } from 'vitest'
import { signaturesPage } from './signatures-page.ts'

test('docs/signatures.md says what the signatures are', async () => {
  await expect(signaturesPage()).toMatchFileSnapshot('../../../docs/signatures.md')
})
