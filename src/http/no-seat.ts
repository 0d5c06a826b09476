import type { Context } from 'hono'
import { noSeatWords } from '../../views/refusals'
import type { AppEnv } from '../env'
import type { MemberAct } from '../models/core/act'
import { seatsOf } from '../models/members/seats'
import { renderRefusal } from './errors'

/** Says that no seat is free, with the numbers of now. */
export async function refuseSeat(c: Context<AppEnv>, act: MemberAct) {
  const [seats] = await seatsOf(act)
  return renderRefusal(c, 409, noSeatWords(seats))
}
