import { expect, test } from 'vitest'
import { librariesOf } from './node-files.ts'

const ldd = `	linux-vdso.so.1 (0x00007ffd1)
	libstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f1)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2)
	/lib64/ld-linux-x86-64.so.2 (0x00007f3)
`

test('the libraries of a program are those that ldd found as files', () => {
  expect(librariesOf(ldd)).toEqual([
    '/lib/x86_64-linux-gnu/libstdc++.so.6',
    '/lib/x86_64-linux-gnu/libc.so.6',
    '/lib64/ld-linux-x86-64.so.2',
  ])
  expect(() => librariesOf('\tlibx.so.1 => not found\n')).toThrow('libx.so.1')
})
