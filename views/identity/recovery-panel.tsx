import { FEW_RECOVERY_CODES } from '../../src/limits'
import type { OwnCredential } from '../../src/models/identity/own-credentials'
import { Badge } from '../components/badge'
import { Confirm, ConfirmTrigger } from '../components/confirm'

export const RecoveryPanel = ({ codes }: { codes: OwnCredential[] }) => (
  <div class="panel" id="recovery-codes">
    <header>
      <h3>Recovery codes</h3>
      <p>
        For when you lose your phone or passkey.{' '}
        {codes.length <= FEW_RECOVERY_CODES ? <Badge tone="expired">{leftInWords(codes)}</Badge> : `${leftInWords(codes)}.`}
      </p>
      <ConfirmTrigger for="remake-codes" class="button">
        Make new codes
      </ConfirmTrigger>
    </header>
    <Confirm
      id="remake-codes"
      title="Make new recovery codes?"
      action="/account/recovery-codes"
      button="Make new codes"
      tone="primary"
      fields={<input type="hidden" name="made" value={madeAt(codes)} />}
    >
      <p>
        {codes.length === 0
          ? 'You get ten codes. They are shown once, so have a place ready to keep them.'
          : 'The codes you have stop working. The new ones are shown once, so have a place ready to keep them.'}
      </p>
    </Confirm>
  </div>
)

const leftInWords = (codes: OwnCredential[]) =>
  codes.length === 0 ? 'None are left' : codes.length === 1 ? '1 code is left' : `${codes.length} codes are left`

const madeAt = (codes: OwnCredential[]) => Math.max(0, ...codes.map(({ createdAt }) => createdAt))
