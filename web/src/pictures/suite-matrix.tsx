import { Table, Tooltip } from '@mantine/core';
import type { TlsAddressPicture } from '../../../src/core/tls-picture.ts';
import { StrengthMark } from '../ui/mark.tsx';
import classes from './pictures.module.css';

type Protocol = TlsAddressPicture['protocols'][number];

function stateOf({ offered, complete, serverPreference }: Protocol): string {
  if (offered === null) return 'could not be told';
  if (!offered) return 'off';
  const order = serverPreference === null ? 'order unknown' : serverPreference ? "server's order" : "client's order";
  return complete ? order : `${order}, not all suites asked`;
}

/** Suites by protocols. A number is the place of the suite in that protocol; what no protocol carries is not listed. */
export function SuiteMatrix({ address }: { address: TlsAddressPicture }) {
  const { protocols, suites } = address;
  return (
    <div className={classes.scroll}>
      <Table className={classes.matrix} aria-label="suites by protocol" verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>suite</Table.Th>
            <Table.Th className={classes.narrow}>key exchange</Table.Th>
            <Table.Th className={classes.narrow}>bits</Table.Th>
            {protocols.map((one) => (
              <Table.Th key={one.version} className={classes.protocol} data-offered={String(one.offered)}>
                <span className={classes.version}>
                  {one.offered && <StrengthMark strength={one.strength} label="" />}
                  {one.version.replace('TLSv', 'TLS ')}
                </span>
                <span className={classes.state}>{stateOf(one)}</span>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {suites.map((suite) => (
            <Table.Tr key={suite.name} data-strength={suite.strength}>
              <Table.Th scope="row" fw={400}>
                <Tooltip label={suite.why ?? 'forward secrecy and authenticated encryption'} openDelay={300}>
                  <span className={classes.suite}>
                    <StrengthMark strength={suite.strength} /> <code>{suite.name}</code>
                  </span>
                </Tooltip>
                {suite.why !== null && <span className={classes.why}>{suite.why}</span>}
              </Table.Th>
              <Table.Td className={classes.narrow}>{suite.exchange}</Table.Td>
              <Table.Td className={classes.narrow}>{suite.bits}</Table.Td>
              {protocols.map(({ version, offered }) => (
                <Table.Td key={version} className={classes.place} data-offered={String(offered)}>
                  {suite.positions[version] ?? (offered ? '·' : '')}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
