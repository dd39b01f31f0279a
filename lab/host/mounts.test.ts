import { expect, test } from 'vitest'
import { mountsUnder } from './mounts.ts'

const mountinfo = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
90 27 0:41 / /labs/one/root rw,relatime - overlay pvlab rw
91 27 0:4 net:[4026532177] /labs/one/netns rw - nsfs nsfs rw
92 27 0:42 / /labs/one-more/root rw,relatime - overlay pvlab rw
93 27 0:43 / /labs/with\\040space/root rw - overlay pvlab rw
`

test('mounts below a folder are listed in the order they were made, without those of its namesakes', () => {
  expect(mountsUnder(mountinfo, '/labs/one')).toEqual(['/labs/one/root', '/labs/one/netns'])
})

test('a path with a space is found', () => {
  expect(mountsUnder(mountinfo, '/labs/with space')).toEqual(['/labs/with space/root'])
})
