import { and, asc, eq, inArray } from 'drizzle-orm'
import { credentials } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { as } from '../../db/select'
import type { Place } from './viewer'

const KINDS = ['passkey', 'totp'] as const

/** Which second factors somebody has, and since when: neither what they call them nor anything that proves them. */
export const factorsOfMember = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>, id: string) =>
  db
    .select({ kind: credentials.kind, addedAt: as(credentials.createdAt, 'added_at') })
    .from(members)
    .innerJoin(credentials, and(eq(credentials.userId, members.userId), inArray(credentials.kind, [...KINDS])))
    .where(and(eq(members.tenantId, tenantId), eq(members.id, id)))
    .orderBy(asc(credentials.createdAt))

export type MemberFactor = Awaited<ReturnType<typeof factorsOfMember>>[number]
