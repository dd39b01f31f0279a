import { expect, test } from 'vitest'
import { packageRoot } from '../host/asset.ts'
import { drillsPage } from './page.ts'
import { drills } from './registry.ts'

test('docs/drills/README.md says what the drills and their records say', async () => {
  await expect(await drillsPage(packageRoot(), drills)).toMatchFileSnapshot('../../docs/drills/README.md')
})
