import { expect, it } from 'vitest'
import { Client } from '../../test/client'
import { fileHeaders } from './headers'

const ofPages = async (HSTS?: string) =>
  (await new Client({ HSTS } as object).get('/login')).headers.get('Strict-Transport-Security')
const ofFiles = (hsts?: string) => fileHeaders(hsts)['Strict-Transport-Security']

it('browsers are asked for HTTPS on this host alone, by pages and files alike', async () => {
  expect([await ofPages(), ofFiles()]).toEqual(['max-age=63072000', 'max-age=63072000'])
})

it.each(['includeSubDomains', 'includeSubDomains; preload'])('and for more where the operator says %s', async (hsts) => {
  expect([await ofPages(hsts), ofFiles(hsts)]).toEqual([`max-age=63072000; ${hsts}`, `max-age=63072000; ${hsts}`])
})
