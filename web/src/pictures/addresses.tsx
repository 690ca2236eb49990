import { Select } from '@mantine/core';
import classes from './pictures.module.css';

/** Which of several addresses is shown; a single one is only named. */
export function AddressSelect({
  addresses,
  shown,
  onChoose,
}: {
  addresses: readonly { address: string | null }[];
  shown: string | null;
  /** Empty for the first. */
  onChoose: (address: string) => void;
}) {
  if (shown === null) return null;
  if (addresses.length < 2) return <code>{shown}</code>;
  const first = addresses[0]?.address;
  return (
    <Select
      size="xs"
      w={220}
      aria-label="address"
      allowDeselect={false}
      data={addresses.flatMap((one) => one.address ?? [])}
      value={shown}
      onChange={(value) => onChoose(value === null || value === first ? '' : value)}
    />
  );
}

/** One line per address that is not like the first, or could not be looked at. */
export function Differences({
  addresses,
  onChoose,
}: {
  addresses: readonly { address: string; absence: string | null; differs: string }[];
  onChoose: (address: string) => void;
}) {
  const odd = addresses.filter((one) => one.absence !== null || one.differs !== '');
  if (addresses.length < 2) return null;
  if (odd.length === 0) return <p className={classes.soft}>All {addresses.length} addresses serve the same.</p>;
  return (
    <ul className={classes.differences} aria-label="addresses that differ">
      {odd.map((one) => (
        <li key={one.address}>
          <button type="button" className={classes.choose} onClick={() => onChoose(one.address)}>
            {one.address}
          </button>{' '}
          {one.absence !== null ? `could not be looked at: ${one.absence}` : one.differs}
        </li>
      ))}
    </ul>
  );
}
