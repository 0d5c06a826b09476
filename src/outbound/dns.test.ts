import { expect, inject, it } from 'vitest'
import { txtRecords } from './dns'

const resolver = `${inject('providerUrl')}/dns-query`
const publish = (name: string, records: string[] | string) =>
  fetch(`${inject('providerUrl')}/txt/${name}`, { method: 'PUT', body: JSON.stringify(records) })

it('a resolver tells the records of a name', async () => {
  await publish('told.test', ['v=spf1 -all'])
  expect(await txtRecords({ resolver, name: 'told.test' })).toEqual(['v=spf1 -all'])
})

it.each(['redirecting', 'endless', 'failing'])('a resolver that is %s tells nothing', async (how) => {
  await publish('elsewhere.test', ['v=spf1 +all'])
  await publish(`${how}.test`, how)
  expect(await txtRecords({ resolver, name: `${how}.test` })).toBeUndefined()
})
