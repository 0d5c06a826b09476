import type { Member } from '../../src/models/members/member'

/** Which preset somebody has, and a mark where they differ from it. */
export const PresetMark = ({ member: { preset, differs } }: { member: Pick<Member, 'preset' | 'differs'> }) =>
  preset === null ? null : (
    <small>
      {differs && (
        <span class="departs" title={`Differs from ${preset}`}>
          <span aria-hidden="true">≠ </span>
          <span class="visually-hidden">Differs from </span>
        </span>
      )}
      {preset}
    </small>
  )
