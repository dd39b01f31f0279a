import { open } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createWriter } from './writer.ts'

test('after one failure every further line is refused with the same cause, and closing still ends', async () => {
  // Writing to this device fails as a full disk does.
  const writer = createWriter(await open('/dev/full', 'a'), '/dev/full')
  for (let count = 0; count < 3; count += 1) {
    await expect(writer.write('a line')).rejects.toMatchObject({ code: 'EVIDENCE_DISK_FULL' })
  }
  await writer.close()
})
