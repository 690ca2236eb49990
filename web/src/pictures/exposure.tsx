import { Table, Tooltip } from '@mantine/core';
import type { ExposureFamily, ExposureRow, ExposureTableKind } from '../../../src/core/exposure-table.ts';
import type { Status } from '../../../src/core/finding.ts';
import { Empty } from '../ui/states.tsx';
import { StatusMark } from '../ui/status.tsx';
import { Picture } from './pictured.tsx';
import classes from './pictures.module.css';

const KINDS: Record<ExposureTableKind, { status: Status; words: string; why: string }> = {
  exposed: { status: 'fail', words: 'exposed', why: 'open to strangers, and nobody declared it' },
  bypasses: { status: 'fail', words: 'bypasses the firewall', why: 'open past the rules for this host' },
  missing: { status: 'fail', words: 'declared but missing', why: 'declared, and not open to those it is declared for' },
  unknown: { status: 'unknown', words: 'unknown', why: 'nobody could reach it, and the rules do not tell' },
  intended: { status: 'pass', words: 'intended', why: 'declared, and open to those it is declared for' },
  blocked: { status: 'pass', words: 'blocked', why: 'something listens, and strangers are turned away' },
  local: { status: 'not-applicable', words: 'local', why: 'listens for this host alone' },
};

/** Every port of a host: what listens, what the rules say, what is reachable and what was declared. */
export function Ports({ targetId }: { targetId: string }) {
  return (
    <Picture<ExposureRow[]> targetId={targetId} kind="exposure">
      {(rows) =>
        rows.length === 0 ? (
          <Empty title="No port">Nothing listens, nothing is open and nothing was declared.</Empty>
        ) : (
          <Sheet rows={rows} />
        )
      }
    </Picture>
  );
}

function Sheet({ rows }: { rows: readonly ExposureRow[] }) {
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table className={classes.ports} aria-label="ports" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>port</Table.Th>
            <Table.Th>verdict</Table.Th>
            <Table.Th>process</Table.Th>
            <Table.Th>package</Table.Th>
            <Table.Th>bound to</Table.Th>
            <Table.Th>rule that decides</Table.Th>
            <Table.Th>outside v4</Table.Th>
            <Table.Th>outside v6</Table.Th>
            <Table.Th>declared</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.protocol} ${row.port}`} data-kind={row.kind}>
              <Table.Th scope="row" fw={500} className={classes.nowrap}>
                {row.port}
                <span className={classes.soft}> {row.protocol}</span>
              </Table.Th>
              <Table.Td className={classes.nowrap}>
                <Tooltip label={KINDS[row.kind].why} openDelay={300}>
                  <span>
                    <StatusMark status={KINDS[row.kind].status} label="" /> {KINDS[row.kind].words}
                  </span>
                </Tooltip>
              </Table.Td>
              <Table.Td>{row.process ?? <Nothing />}</Table.Td>
              <Table.Td>{row.package ?? <Nothing />}</Table.Td>
              <Table.Td>
                {row.bind.length === 0 ? <Nothing /> : row.bind.map((one) => <code key={one}>{one} </code>)}
              </Table.Td>
              <Table.Td>
                <Rules row={row} />
              </Table.Td>
              <Table.Td className={classes.nowrap}>{outside(row.v4)}</Table.Td>
              <Table.Td className={classes.nowrap}>{outside(row.v6)}</Table.Td>
              <Table.Td>{row.declared ? 'yes' : 'no'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Nothing() {
  return <span className={classes.soft}>–</span>;
}

/** What the auditor met on a family; what was not scanned is told by the rules alone. */
function outside(family: ExposureFamily | null): string {
  return family === null ? '–' : family.scan;
}

function Rules({ row: { v4, v6 } }: { row: ExposureRow }) {
  const said = [v4, v6].map((one) => (one?.rule ? `${one.rule.verdict}: ${one.rule.by}` : null));
  const [four, six] = said;
  if (four == null && six == null) return <Nothing />;
  if (four === six || four == null || six == null)
    return (
      <span className={classes.rule}>
        {four == null ? 'v6 ' : six == null && v6 !== null ? 'v4 ' : ''}
        {four ?? six}
      </span>
    );
  return (
    <>
      <span className={classes.rule}>v4 {four}</span>
      <span className={classes.rule}>v6 {six}</span>
    </>
  );
}
