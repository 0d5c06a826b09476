import { expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { run } from '../../../test/database'
import { rowsReadBy } from '../../../test/people'
import { peopleNamed } from './named'

it('somebody who is gone is named by their own entries, however long the log is', async () => {
  const act = await actNamed('ada')
  await run(`INSERT INTO activity (id, tenant_id, at, kind, member_id, member_email)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
    SELECT 'e-' || i, 'acme', i, 'invited', 'gone-' || i, i || '@corp.test' FROM n`)
  expect(await peopleNamed(act, ['gone-1'])).toMatchObject([{ member: 'gone-1', name: '1@corp.test', known: 1 }])
  expect(await rowsReadBy(peopleNamed(act, ['gone-1']))).toBeLessThan(10)
})
