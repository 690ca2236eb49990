import { Badge, Group, SegmentedControl, Select, Table, Text, TextInput, UnstyledButton } from '@mantine/core';
import { Fragment } from 'react';
import type { Finding } from '../../../src/core/finding.ts';
import { CATEGORIES, SEVERITIES, STATUSES } from '../api/words.ts';
import { useQueryState } from '../app/query-state.ts';
import { FindingDetail } from './finding-detail.tsx';
import classes from './findings-table.module.css';
import { Empty } from './states.tsx';
import { SeverityMark, StatusMark } from './status.tsx';
import { Time } from './time.tsx';

/** A finding as the API lists it: with since when it is as it is. */
export type ListedFinding = Finding & { since?: string | null };

function worstFirst(a: ListedFinding, b: ListedFinding): number {
  return (
    STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    a.check.localeCompare(b.check) ||
    a.subject.localeCompare(b.subject)
  );
}

/** Findings, worst first, filtered by the address bar; a row opens to its evidence. */
export function FindingsTable({ findings, targetId }: { findings: readonly ListedFinding[]; targetId: string }) {
  const [status, setStatus] = useQueryState('status', 'open');
  const [category, setCategory] = useQueryState('category');
  const [search, setSearch] = useQueryState('q');
  const [open, setOpen] = useQueryState('finding');
  const present = CATEGORIES.filter((one) => findings.some((finding) => finding.category === one));
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = findings
    .filter(
      (finding) =>
        status === 'all' ||
        (status === 'open' ? finding.status === 'fail' || finding.status === 'unknown' : finding.status === status),
    )
    .filter((finding) => category === '' || finding.category === category)
    .filter((finding) => {
      const text = `${finding.check} ${finding.subject} ${finding.message} ${finding.title}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort(worstFirst);
  const count = (wanted: (finding: ListedFinding) => boolean) => findings.filter(wanted).length;
  return (
    <>
      <Group gap="xs" mb="xs" align="end">
        <SegmentedControl
          size="xs"
          aria-label="status"
          value={status}
          onChange={setStatus}
          data={[
            { value: 'open', label: `open ${count((one) => one.status === 'fail' || one.status === 'unknown')}` },
            { value: 'fail', label: `fails ${count((one) => one.status === 'fail')}` },
            { value: 'unknown', label: `unknown ${count((one) => one.status === 'unknown')}` },
            { value: 'waived', label: `waived ${count((one) => one.status === 'waived')}` },
            { value: 'pass', label: `passes ${count((one) => one.status === 'pass')}` },
            { value: 'all', label: `all ${findings.length}` },
          ]}
        />
        <Select
          size="xs"
          w={150}
          aria-label="category"
          placeholder="every category"
          clearable
          data={present}
          value={category === '' ? null : category}
          onChange={(value) => setCategory(value ?? '')}
        />
        <TextInput
          size="xs"
          type="search"
          w={220}
          aria-label="search findings"
          placeholder="search  /"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </Group>
      {shown.length === 0 ? (
        <Empty title={status === 'open' && search === '' && category === '' ? 'Nothing is open' : 'Nothing matches'}>
          {status === 'open' && search === '' && category === ''
            ? 'Every check that could be asked passes, is waived or does not apply.'
            : 'Take a filter away to see more.'}
        </Empty>
      ) : (
        <Table highlightOnHover className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={24} aria-label="status" />
              <Table.Th w={96} className={classes.wide}>
                severity
              </Table.Th>
              <Table.Th>finding</Table.Th>
              <Table.Th w={90} className={classes.wide}>
                since
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((finding) => {
              const isOpen = open === finding.fingerprint;
              return (
                <Fragment key={finding.fingerprint}>
                  <Table.Tr data-status={finding.status}>
                    <Table.Td>
                      <StatusMark status={finding.status} />
                    </Table.Td>
                    <Table.Td className={classes.wide}>
                      <SeverityMark severity={finding.severity} />
                    </Table.Td>
                    <Table.Td>
                      <UnstyledButton
                        className={classes.row}
                        aria-expanded={isOpen}
                        onClick={() => setOpen(isOpen ? '' : finding.fingerprint)}
                      >
                        <Text span size="sm" ff="monospace" c="dimmed">
                          {finding.check}
                        </Text>
                        {finding.subject !== '' && (
                          <Badge size="sm" variant="default" tt="none" className={classes.subject}>
                            {finding.subject}
                          </Badge>
                        )}
                        <Text span size="sm">
                          {finding.message}
                        </Text>
                      </UnstyledButton>
                    </Table.Td>
                    <Table.Td className={classes.wide}>
                      <Text span size="xs" c="dimmed">
                        {finding.since ? <Time at={finding.since} /> : ''}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                  {isOpen && (
                    <Table.Tr>
                      <Table.Td colSpan={4} className={classes.detail}>
                        <FindingDetail finding={finding} targetId={targetId} />
                      </Table.Td>
                    </Table.Tr>
                  )}
                </Fragment>
              );
            })}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}
