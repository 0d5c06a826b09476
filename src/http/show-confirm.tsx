import type { Context } from 'hono'
import { ConfirmPage, type ConfirmProps } from '../../views/identity/confirm'
import type { AppEnv } from '../env'
import { type Kinds, waysOf } from '../models/identity/confirm'

type Shown = Omit<ConfirmProps, 'email' | 'ways' | 'page'> & { person: { email: string; factors: number }; kinds: Kinds }

/** The page on which somebody proves who they are, by what they have. */
export const showConfirm = (c: Context<AppEnv>, { person, kinds, ...props }: Shown) =>
  c.render(
    <ConfirmPage
      {...props}
      email={person.email}
      ways={waysOf(person, kinds)}
      page={c.req.method === 'POST' ? props.next : undefined}
    />,
    { title: 'Confirm it’s you' },
  )
