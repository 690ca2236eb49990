import type { TlsAddressPicture, TlsPicture } from '../../../src/core/tls-picture.ts';
import { useQueryState } from '../app/query-state.ts';
import { Empty } from '../ui/states.tsx';
import { AddressSelect, Differences } from './addresses.tsx';
import { Certificates } from './certificates.tsx';
import { Picture } from './pictured.tsx';
import classes from './pictures.module.css';
import { SuiteMatrix } from './suite-matrix.tsx';
import { TlsGroups } from './tls-groups.tsx';

/** TLS of an endpoint: the addresses and how they differ, then one address in full. */
export function Tls({ targetId }: { targetId: string }) {
  return (
    <Picture<TlsPicture> targetId={targetId} kind="tls">
      {(picture) => <Addresses picture={picture} />}
    </Picture>
  );
}

function Addresses({ picture }: { picture: TlsPicture }) {
  const [chosen, setChosen] = useQueryState('address');
  const { addresses } = picture;
  const [first] = addresses;
  const shown = addresses.find((one) => one.address === chosen) ?? first;
  if (!shown) return <Empty title="No address was looked at" />;
  return (
    <div className={classes.stack}>
      <div className={classes.line}>
        <span>
          {picture.serverName}
          {picture.startTls !== null && <span className={classes.soft}> · STARTTLS in {picture.startTls}</span>}
        </span>
        <AddressSelect addresses={addresses} shown={shown.address} onChoose={setChosen} />
        <span className={classes.soft}>{shown.connections} connections</span>
      </div>
      <Differences
        addresses={addresses.map(({ address, absence, differences }) => ({
          address,
          absence,
          differs:
            differences.length === 0
              ? ''
              : `differs from ${first?.address}: ${differences.map(({ what, seen, wanted }) => `${what} (${seen}; there ${wanted})`).join(', ')}`,
        }))}
        onChoose={setChosen}
      />
      {shown.absence !== null ? (
        <Empty title="Nothing could be told of this address">{shown.absence}</Empty>
      ) : (
        <Address shown={shown} now={picture.now} />
      )}
    </div>
  );
}

function Address({ shown, now }: { shown: TlsAddressPicture; now: string }) {
  return (
    <>
      <SuiteMatrix address={shown} />
      <TlsGroups address={shown} />
      <Certificates address={shown} now={now} />
    </>
  );
}
