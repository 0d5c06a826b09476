import { it } from 'vitest'
import { type Client, signedIn } from '../test/client'
import { company, gzipped } from '../test/company'
import { PAGES } from './pages'

it('prints the weight of the big pages', async () => {
  await company()
  const ada = await signedIn('ada')
  const rows = []
  for (const [name, path] of PAGES) rows.push(await weighed(ada, name, path))
  console.info(['Each page as it is sent:', '', row('', 'KiB', 'KiB gzip', 'elements', 'forms', 'icons'), ...rows].join('\n'))
})

async function weighed(client: Client, name: string, path: string) {
  const response = await client.get(path)
  const html = await response.text()
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
  const count = (pattern: RegExp) => [...html.matchAll(pattern)].length
  const counts = [/<[a-z]/g, /<form/g, /<svg/g].map(count)
  return row(name, kib(new TextEncoder().encode(html).length), kib(await gzipped(html)), ...counts)
}

const kib = (bytes: number) => (bytes / 1024).toFixed(1)
const row = (name: string, ...cells: (string | number)[]) => name.padEnd(28) + cells.map((cell) => `${cell}`.padStart(10)).join('')
