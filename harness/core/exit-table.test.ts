import { expect, test } from 'vitest'
import { exitCodesPage } from './exit-table.ts'

test('docs/exit-codes.md says what the table says', async () => {
  await expect(exitCodesPage()).toMatchFileSnapshot('../../docs/exit-codes.md')
})
