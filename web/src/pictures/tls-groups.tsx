import type { TlsAddressPicture } from '../../../src/core/tls-picture.ts';
import { StrengthMark } from '../ui/mark.tsx';
import classes from './pictures.module.css';

/** How keys are exchanged: groups in their order, sizes of Diffie-Hellman primes, and what the server signs with. */
export function TlsGroups({ address }: { address: TlsAddressPicture }) {
  const { groups, dh, signatureAlgorithms, groupPreference, groupsComplete } = address;
  const order = groupPreference === null ? '' : groupPreference ? "the server's order" : "the client's order";
  return (
    <dl className={classes.facts}>
      <dt>groups</dt>
      <dd>
        {groups.length === 0 && <span className={classes.soft}>none</span>}
        {groups.map((group) => (
          <span key={group.name} className={classes.chip}>
            <StrengthMark strength={group.strength} /> {group.name}
            {group.postQuantum && <span className={classes.soft}> post-quantum</span>}
            {group.strength !== 'good' && <span className={classes.soft}> {group.bits} bits</span>}
          </span>
        ))}
        <span className={classes.soft}>
          {[order, groupsComplete ? '' : 'not all groups asked'].filter(Boolean).join(', ')}
        </span>
      </dd>
      {dh.length > 0 && (
        <>
          <dt>Diffie-Hellman</dt>
          <dd>
            {dh.map((one) => (
              <span key={`${one.bits} ${one.known}`} className={classes.chip}>
                <StrengthMark strength={one.strength} /> {one.bits} bits
                {one.known !== null && <span className={classes.soft}> {one.known}</span>}
              </span>
            ))}
          </dd>
        </>
      )}
      {signatureAlgorithms.length > 0 && (
        <>
          <dt>signatures</dt>
          <dd className={classes.soft}>{signatureAlgorithms.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}
